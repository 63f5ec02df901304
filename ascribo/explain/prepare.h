// SPDX-License-Identifier: MIT
// From an input to a task: tokens, units and what the model predicts.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ascribo/explain/scorer.h"
#include "ascribo/explain/settings.h"
#include "ascribo/explain/task.h"

namespace ascribo {

/// What a subject is made of. The tokenizer may be null.
struct Parts {
  const Model& model;
  const Tokenizer* tokenizer;
  const std::vector<std::string>& labels;
  bool use_type_ids = true;  ///< see explain/type_ids.h
};

/// The targets of a request, read once.
struct TargetForms {
  std::vector<TargetForm> targets;
  std::optional<TargetForm> versus;
};
TargetForms read_targets(const std::vector<std::string>& targets, const Settings& settings,
                         std::span<const std::string> labels);

/// Tokens, units and sequence of an input; targets and prediction are still missing. Errors:
/// kBadText for a text without tokens, kTooLong unless settings.truncate.
Task prepare(const Input& input, const Parts& parts, const Settings& settings);

/// The sequence alone, also of an empty text.
Sequence prepare_sequence(const Input& input, const Parts& parts);

Prediction to_prediction(std::span<const double> logits, const Parts& parts);

/// Runs the texts as they are and fills in logits and prediction.
void predict(std::span<Task> tasks, const Parts& parts, Scorer& scorer);

/// Fills in targets and begins an attribution for each. Errors: those of resolve_targets.
void set_targets(Task& task, const TargetForms& forms, const Parts& parts);

}  // namespace ascribo
