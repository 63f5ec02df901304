// SPDX-License-Identifier: MIT
// What is kept of one text of a comparison, and how it is written down for a run that goes on
// later.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/metrics/comparison/comparison.h"
#include "ascribo/metrics/evaluate.h"

namespace ascribo {

/// Steps of the curves that are kept: even shares of the units, from none to all.
inline constexpr std::size_t kCurveSteps = 20;

/// One metric of one text under one method. Values are by Ranking, NaN where there is none; curves
/// have kCurveSteps + 1 points, or none.
struct MetricRecord {
  std::array<double, kRankings> values;
  std::array<std::vector<double>, kRankings> curves;
};

struct MethodRecord {
  double seconds = 0;
  std::int64_t forwards = 0, backwards = 0;
  std::vector<MetricRecord> metrics = {};  ///< in the order of the columns
};

/// One text under all methods, or why there is nothing of it.
struct TextRecord {
  std::int64_t number = 0;  ///< of the text in the run, from 0
  std::string error;        ///< not empty: the text was left out
  std::string unit = {}, score = {};
  std::vector<MethodRecord> methods = {};
  std::vector<ComparisonExample> example = {};  ///< one, of the first texts
};

/// What is kept of an evaluation.
MethodRecord make_record(const Evaluation& evaluation);

/// Adds the scores of one more method to a text's example, which it begins with the first.
void add_example(const Evaluation& evaluation, TextRecord& record);

/// One line of JSON and back; numbers come back as they were. Errors: kBadFile naming `where`.
std::string to_line(const TextRecord& record);
TextRecord parse_record(std::string_view line, const std::string& where);

}  // namespace ascribo
