// SPDX-License-Identifier: MIT
// Complexity: the entropy of the scores' magnitudes. (Bhatt, Weller, Moura 2020.)
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/magnitudes.h"

namespace ascribo {
namespace {

// Scores that are all zero single nothing out, as equal ones do.
double complexity(std::vector<double> shares) {
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (sum == 0) return std::log(static_cast<double>(shares.size()));
  double entropy = 0;
  for (const double share : shares) {
    if (share > 0) entropy -= share / sum * std::log(share / sum);
  }
  return entropy;
}

std::vector<Measure> run(const OptionValues& given, std::span<Task>, std::span<const Judged> judged,
                         Scorer&) {
  return measure_magnitudes("complexity", given, judged, complexity);
}

}  // namespace

const Metric& metric_complexity() {
  static const Metric metric{
      .name = "complexity",
      .summary = "How many units one has to look at: the entropy of the scores, in nats.",
      .formula = "-sum_i s_i ln s_i, s_i = |a_i| / sum |a|",
      .paper =
          "Bhatt, Weller, Moura 2020: Evaluating and Aggregating Feature-based Model Explanations",
      .direction = Direction::kLower,
      .range = "0 to ln n",
      .cost = "nothing",
      .ranks = false,
      .options = [] { return std::vector<OptionInfo>(); },
      .run = run};
  return metric;
}

}  // namespace ascribo
