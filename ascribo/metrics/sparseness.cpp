// SPDX-License-Identifier: MIT
// Sparseness: the Gini index of the scores' magnitudes. (Chalasani et al. 2020.)
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ascribo/base/option_set.h"
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/ranking.h"

namespace ascribo {
namespace {

struct Options {};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set;
  return set;
}

double sparseness(std::vector<double> rising) {
  if (rising.empty()) return NAN;
  std::sort(rising.begin(), rising.end());
  const double sum = std::accumulate(rising.begin(), rising.end(), 0.0);
  const auto n = static_cast<double>(rising.size());
  double weighted = 0;
  for (std::size_t i = 0; i < rising.size(); ++i) {
    weighted += (2 * static_cast<double>(i + 1) - n - 1) * rising[i];
  }
  return sum > 0 ? weighted / (n * sum) : 0;
}

std::vector<Measure> run(const OptionValues& given, std::span<Task>, std::span<const Judged> judged,
                         Scorer&) {
  option_set().parse("sparseness", given);
  std::vector<Measure> found;
  for (const Judged& each : judged) {
    std::vector<TargetMeasure> targets;
    for (const std::vector<double>& scores : each.scores) {
      targets.push_back({sparseness(magnitudes(scores))});
    }
    found.push_back(mean_measure("sparseness", std::move(targets)));
  }
  return found;
}

}  // namespace

const Metric& metric_sparseness() {
  static const Metric metric{
      .name = "sparseness",
      .summary = "How much of the scores falls on few units: the Gini index of their magnitudes.",
      .formula = "sum_i (2 i - n - 1) |a|_(i) / (n sum |a|), |a|_(i) in rising order",
      .paper =
          "Chalasani et al. 2020: Concise Explanations of Neural Networks using Adversarial "
          "Training",
      .direction = Direction::kHigher,
      .range = "0 to 1 - 1/n",
      .cost = "nothing",
      .ranks = false,
      .options = [] { return option_set().describe(); },
      .run = run};
  return metric;
}

}  // namespace ascribo
