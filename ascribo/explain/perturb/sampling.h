// SPDX-License-Identifier: MIT
// Drawing more until the errors are small enough.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ascribo/explain/perturb/mask_scores.h"

namespace ascribo {

inline constexpr char kErrorHelp[] =
    "go on sampling until every standard error is below this, in units of the score";
inline constexpr char kErrorExpected[] = "expected more than 0";
inline bool is_error(double error) { return error > 0; }

/// How a sampled method proceeds. Samples are masks, permutations or what else it draws.
struct Sampling {
  std::optional<double> error;  ///< largest standard error wanted; empty: one round
  /// The samples that a text begins with.
  std::function<std::int64_t(const Task& task)> samples;
  /// The whole design for so many samples; that for more should hold that for fewer.
  std::function<Design(const Task& task, std::int64_t samples)> design;
  /// Writes scores and errors; returns the largest standard error of any target (0: exact).
  std::function<double(Task& task, std::int64_t samples, const Design& design,
                       const MaskScores& scores)>
      estimate;
  /// What a design that came with the text needs besides; empty: it is used as it is.
  std::function<Design(const Design& masks)> given = {};
};

/// Rounds with twice the samples for every text that is not finished; masks that come again cost
/// nothing. Texts stop when their design has no more to add, or at 65,536 masks, which their notes
/// say. A text that came with masks of its own (Task::given) gets these instead. `replace` is that
/// option's value, `options` what is reported, with the samples used in it as "samples".
void sample(const Sampling& sampling, std::string_view replace,
            const std::vector<std::pair<std::string, OptionValue>>& options, std::span<Task> tasks,
            Scorer& scorer);

}  // namespace ascribo
