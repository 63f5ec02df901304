// SPDX-License-Identifier: MIT
// The model's scores of texts with some of their units hidden, also of texts that run in parts.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ascribo/explain/perturb/mask_scores.h"

namespace ascribo {

/// One for each task, `[rows of its design, targets]`. A text that runs in parts (windows, two
/// continuations) has the sum of its parts' shares: the mean over windows, the difference of two
/// continuations. `metric` is named in errors, which are those of MaskScorer.
std::vector<MaskScores> hidden_scores(std::string_view metric, std::string_view replace,
                                      std::optional<ScoreKind> kind, std::span<Task> tasks,
                                      std::span<const Design> designs, Scorer& scorer);

}  // namespace ascribo
