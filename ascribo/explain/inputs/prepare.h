// SPDX-License-Identifier: MIT
// From an input to a task: tokens, units and what the model predicts.
#pragma once

#include <exception>
#include <span>
#include <string>
#include <vector>

#include "ascribo/explain/heads/head_reading.h"
#include "ascribo/explain/scorer.h"
#include "ascribo/explain/settings.h"
#include "ascribo/explain/task.h"

namespace ascribo {

/// What a subject is made of. The tokenizer may be null.
struct Parts {
  const Model& model;
  const Tokenizer* tokenizer;
  const std::vector<std::string>& labels;
  bool use_type_ids = true;              ///< see explain/inputs/type_ids.h
  std::exception_ptr no_tokenizer = {};  ///< why there is none, if there should be one

  HeadContext head() const { return {model.info(), labels, tokenizer}; }
};

/// The targets of an input: its own, or else the request's. Errors: those of parse_target.
TargetForms read_targets(const Request& request, const Input& input, const Settings& settings,
                         const HeadContext& context);

/// Tokens, units and sequence of an input; targets and prediction are still missing. Errors:
/// kBadText for a text without tokens, kTooLong unless settings.truncate or settings.window, and
/// those of inputs/spans.h.
Task prepare(const Input& given, const Parts& parts, const Settings& settings);

/// Only what predict() needs, also of an empty text.
Task prepare_prediction(const Input& input, const Parts& parts);

/// Runs the texts as they are and fills in logits and prediction. Errors: those of the head's
/// reading for what Task::forms ask about.
void predict(std::span<Task> tasks, const Parts& parts, Scorer& scorer);

/// Fills in targets and begins an attribution for each. From here on the task's sequence is asked
/// about no more tokens than the targets need. Errors: those of resolve_targets.
void set_targets(Task& task, const Parts& parts);

}  // namespace ascribo
