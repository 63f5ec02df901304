// SPDX-License-Identifier: MIT
// Scores of a text with some of its units hidden; each mask is computed once.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ascribo/explain/perturb/design.h"
#include "ascribo/explain/perturb/replacement.h"
#include "ascribo/explain/score.h"

namespace ascribo {

/// The scores of one text by what was hidden, kept for all methods of a request. The key holds the
/// replacement's name and a flag per token; the value a score per target, for the task's own score
/// and then for each of the others.
struct MaskStore {
  struct Kind {
    ScoreKind kind;
    Score score;
  };
  std::vector<Kind> others = {};  ///< what metrics ask about besides; filled in before any mask
  std::unordered_map<std::string, std::vector<double>> scores;
};

/// Scores of a design's rows, `[rows, targets]`.
struct MaskScores {
  std::size_t targets = 0;
  std::vector<double> values;
  double at(std::size_t row, std::size_t target) const { return values[row * targets + target]; }
  std::vector<double> of_target(std::size_t target) const;
  std::size_t rows() const { return targets == 0 ? 0 : values.size() / targets; }
};

class MaskScorer {
 public:
  /// `replace` is the option's value. Adds notes about the replacement to the tasks. Scores are the
  /// tasks' own, or those of `kind` where their stores keep them.
  MaskScorer(std::string_view replace, std::span<Task> tasks, Scorer& scorer,
             std::optional<ScoreKind> kind = {});

  /// Adds to `scores` (one per task) the rows of `designs` that it does not have yet. All texts'
  /// rows share batches; a row that was seen before, in this call or an earlier one, costs nothing.
  /// Where no token sees a later one, masks that begin alike share rows (see prefixes.h). Errors:
  /// those of Replacement::variant and Scorer::run.
  void score(std::span<const Design> designs, std::vector<MaskScores>& scores);

 private:
  std::span<Task> tasks_;
  Scorer& scorer_;
  Replacement replacement_;
  std::optional<ScoreKind> kind_;
};

/// What every perturbation method begins with: one score per unit and target, all zero, and notes
/// on what cannot be had.
void begin_unit_scores(Task& task);

/// Writes a target's scores, and their standard errors unless empty. Errors: kBadCheckpoint when
/// one is not finite.
void set_unit_scores(Task& task, std::size_t target, std::span<const double> scores,
                     std::span<const double> errors = {});

/// Where the method promises completeness: baseline_value is the score with every unit hidden.
void set_completeness(Task& task, std::size_t target, double all_hidden);

}  // namespace ascribo
