// SPDX-License-Identifier: MIT
// What a person says an answer rests on, unit by unit, beside scores.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ascribo/metrics/metric.h"

namespace ascribo {

/// Scores of the units that a target sees, and whether each is part of the rationale.
struct Supported {
  std::vector<double> scores;
  std::vector<bool> human;
};

/// Errors: kUnsupported for a text without a rationale; kInvalidArgument for one that begins or
/// ends inside a unit, or covers none.
std::vector<bool> human_units(const Task& task, const Input& input, std::string_view metric);

/// Calls `value` for every text and target.
std::vector<Measure> run_plausibility(std::string_view metric, std::span<Task> tasks,
                                      std::span<const Judged> judged,
                                      double (*value)(const Supported& target, std::int64_t top),
                                      std::int64_t top);

/// How many of the `top` units ranked highest, with positive scores, are part of the rationale
/// (hits), how many there are (chosen), and how many the rationale has (human).
struct Overlap {
  double hits = 0, chosen = 0, human = 0;
};
Overlap overlap(const Supported& target, std::int64_t top);

struct TopOptions {
  std::int64_t top = 5;
};
std::vector<OptionInfo> describe_top();
std::int64_t read_top(std::string_view metric, const OptionValues& given);

/// Every metric of plausibility says so of itself.
inline constexpr std::string_view kRationaleNeeds = "two units, and a rationale in the text's row";

}  // namespace ascribo
