// SPDX-License-Identifier: MIT
// One text, ready to be explained: what a method works on and where it leaves its results.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/explain/aggregate.h"
#include "ascribo/explain/explanation.h"
#include "ascribo/explain/perturb/design.h"
#include "ascribo/explain/score.h"
#include "ascribo/explain/target.h"
#include "ascribo/models/batch.h"

namespace ascribo {

struct MaskStore;  // scores of masks that were computed before: explain/perturb/mask_scores.h

/// What happens to the scores of special tokens, and of all others that no unit holds.
enum class SpecialRule {
  kRemainder,  ///< reported together in Attribution::special
  kKeep,       ///< special tokens are units of their own
  kDrop,       ///< left out, which is said in the notes
};

template <>
struct EnumNames<SpecialRule> {
  static constexpr std::array<std::string_view, 3> kNames = {"remainder", "keep", "drop"};
};

/// How often the model ran for a text.
struct Runs {
  std::int64_t forwards = 0, backwards = 0;  ///< backwards: one for each target
  bool at_most = false;  ///< how often depends on what it answers; see Scorer::counting
};

/// A target of a part: its place among the whole's, and the share that its score has in that one's.
struct PartTarget {
  std::size_t place = 0;
  double share = 1;
};

/// `result` comes with everything but what the method computes: its attributions have target,
/// index, versus and value, one for each of `targets`, in their order.
struct Task {
  Sequence sequence;
  TargetForms forms;  ///< what was asked for
  std::vector<Target> targets;
  Score score{ScoreKind::kLogit, Link::kSoftmax};
  SpecialRule special = SpecialRule::kRemainder;
  bool keep_values = false;       ///< Attribution::values were asked for
  bool keep_masks = false;        ///< Explanation::masks were asked for
  std::optional<Design> given;    ///< masks that came with the text
  std::vector<double> logits;     ///< of the text as it is, `[answers, outputs]`
  std::optional<Sequence> other;  ///< the text that it is compared with, where vectors are compared
  std::shared_ptr<const std::vector<double>> other_vector;
  /// What runs in this one's place, see explain/inputs/parts.h: windows of a text that is too long
  /// to be read at once, or two continuations that are compared.
  std::vector<Task> parts;
  bool is_contrast = false;  ///< the parts are two continuations
  /// Of a part: the places of its tokens (the first of them) and units in the whole, and its
  /// targets.
  std::vector<std::size_t> part_tokens, part_units;
  std::vector<PartTarget> part_targets;
  std::vector<std::int64_t> rest;    ///< tokens that are in no unit
  bool causal = false;               ///< a target sees no token at or after its own position
  bool hold_output = false;          ///< the continuation stays as it is, and gets no scores
  std::shared_ptr<MaskStore> masks;  ///< shared by all methods of a request
  Runs runs;
  Explanation result;

  double value(std::span<const double> some_logits, std::size_t target) const {
    return score.value(some_logits, targets[target].readout);
  }
  /// One run of `rows` tokens on this task's account, or one for each of several targets.
  void add_forward(std::int64_t rows);
  void add_backwards(std::int64_t rows, std::size_t targets);
  /// Whether an attribution's target can see a token.
  bool sees(const Attribution& attribution, std::int64_t token) const {
    return !causal || !attribution.position || token < *attribution.position;
  }
  /// Adds a note unless it is there already.
  void note(const std::string& text);
};

/// Fills in scores and special of one attribution from one number per token. Errors:
/// kBadCheckpoint when a number is not finite.
void set_scores(Task& task, std::size_t target, std::span<const double> token_scores,
                Aggregate how);

/// The same from one number per dimension, `[tokens, width]`, keeping them when they were asked
/// for.
void set_values(Task& task, std::size_t target, std::span<const double> values, Reduce how,
                Aggregate tokens_how);

/// Makes NaN of the scores of units that a target cannot see: they begin at or after it.
void hide_unseen(Task& task);

/// Throws kBadCheckpoint naming the unit when a score is not finite.
void check_scores(const Task& task, const Attribution& attribution);

}  // namespace ascribo
