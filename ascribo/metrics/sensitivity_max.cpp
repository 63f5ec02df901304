// SPDX-License-Identifier: MIT
// Maximal sensitivity: how much scores change when the input changes imperceptibly. (Yeh et al.
// 2019.)
#include <algorithm>
#include <cmath>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/scorer.h"
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/noisy_model.h"
#include "ascribo/metrics/parts/ranking.h"
#include "ascribo/metrics/parts/run_again.h"

namespace ascribo {
namespace {

struct Options {
  std::int64_t samples = 10;
  double radius = 0.02;
  std::uint64_t seed = 0;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("samples", &Options::samples, "noisy inputs, of which the worst counts")
          .check([](std::int64_t samples) { return samples >= 1; }, "expected at least 1")
          .add("radius", &Options::radius,
               "each number of a word embedding moves by at most this, evenly distributed")
          .check([](double radius) { return radius > 0; }, "expected more than 0")
          .add("seed", &Options::seed, "of the noise");
  return set;
}

// ||a' - a|| / ||a||; a norm of zero counts as 1.
double change(const std::vector<double>& before, const std::vector<double>& after) {
  double difference = 0, norm = 0;
  for (std::size_t unit = 0; unit < before.size(); ++unit) {
    if (std::isnan(before[unit])) continue;
    difference += (after[unit] - before[unit]) * (after[unit] - before[unit]);
    norm += before[unit] * before[unit];
  }
  return std::sqrt(difference) / (norm > 0 ? std::sqrt(norm) : 1);
}

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks,
                         std::span<const Judged> judged, Scorer& scorer) {
  const Options options = option_set().parse("sensitivity_max", given);
  std::vector<std::vector<TargetMeasure>> worst(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) worst[i].resize(judged[i].scores.size());
  for (std::int64_t sample = 0; sample < options.samples && !tasks.empty(); ++sample) {
    const NoisyModel noisy(scorer.model(), scorer.tokenizer(), options.radius, options.seed,
                           static_cast<std::uint64_t>(sample));
    const auto after = scores_again("sensitivity_max", noisy, tasks, judged, scorer);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      for (std::size_t k = 0; k < worst[i].size(); ++k) {
        double& value = worst[i][k].value;
        value = std::max(value, change(judged[i].scores[k], after[i][k]));
      }
    }
  }
  std::vector<Measure> found;
  for (std::vector<TargetMeasure>& targets : worst) {
    found.push_back(mean_measure("sensitivity_max", std::move(targets)));
  }
  return found;
}

}  // namespace

const Metric& metric_sensitivity_max() {
  static const Metric metric{
      .name = "sensitivity_max",
      .summary = "How much scores change when word embeddings change imperceptibly.",
      .formula = "max over noise u of ||a(x + u) - a(x)|| / ||a(x)||, u even in [-radius, radius]",
      .paper = "Yeh et al. 2019: On the (In)fidelity and Sensitivity of Explanations",
      .direction = Direction::kLower,
      .range = "from 0 on",
      .needs = "two units, and a method that can be run again",
      .cost = "the method `samples` times more",
      .ranks = false,
      .computes = true,
      .options = [] { return option_set().describe(); },
      .run = run};
  return metric;
}

}  // namespace ascribo
