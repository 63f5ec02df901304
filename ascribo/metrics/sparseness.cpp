// SPDX-License-Identifier: MIT
// Sparseness: the Gini index of the scores' magnitudes. (Chalasani et al. 2020.)
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/magnitudes.h"

namespace ascribo {
namespace {

double sparseness(std::vector<double> rising) {
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
  return measure_magnitudes("sparseness", given, judged, sparseness);
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
      .options = [] { return std::vector<OptionInfo>(); },
      .run = run};
  return metric;
}

}  // namespace ascribo
