// SPDX-License-Identifier: MIT
// Parameter randomisation: whether scores change when the model knows nothing any more. (Adebayo et
// al. 2018, all weights at once.)
#include <algorithm>
#include <cmath>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/scorer.h"
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/agreement.h"
#include "ascribo/metrics/parts/randomized.h"
#include "ascribo/metrics/parts/ranking.h"
#include "ascribo/metrics/parts/run_again.h"

namespace ascribo {
namespace {

struct Options {
  Correlation correlation = Correlation::kSpearman;
  bool magnitudes = false;
  std::uint64_t seed = 0;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("correlation", &Options::correlation, "of the scores before and after")
          .add("magnitudes", &Options::magnitudes, "compares |a|, signs left out")
          .add("seed", &Options::seed, "of the random weights");
  return set;
}

double agreement(const std::vector<double>& before, const std::vector<double>& after,
                 const Options& options) {
  std::vector<double> a, b;
  for (std::size_t unit = 0; unit < before.size(); ++unit) {
    if (std::isnan(before[unit])) continue;
    a.push_back(options.magnitudes ? std::abs(before[unit]) : before[unit]);
    b.push_back(options.magnitudes ? std::abs(after[unit]) : after[unit]);
  }
  return a.empty() ? NAN : correlate(options.correlation, a, b);
}

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks,
                         std::span<const Judged> judged, Scorer& scorer) {
  const Options options = option_set().parse("randomization", given);
  if (tasks.empty()) return {};
  const std::unique_ptr<Model> random = open_randomized(scorer.model(), options.seed);
  const auto after = scores_again("randomization", *random, tasks, judged, scorer);
  std::vector<Measure> found;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    std::vector<TargetMeasure> targets;
    for (std::size_t k = 0; k < after[i].size(); ++k) {
      targets.push_back({agreement(judged[i].scores[k], after[i][k], options)});
    }
    found.push_back(mean_measure("randomization", std::move(targets)));
  }
  return found;
}

}  // namespace

const Metric& metric_randomization() {
  static const Metric metric{
      .name = "randomization",
      .summary = "Whether scores are others when the model's weights are random: a sanity check.",
      .formula = "Spearman's correlation (or tau-b) of a_i and the scores with random weights",
      .paper = "Adebayo et al. 2018: Sanity Checks for Saliency Maps",
      .direction = Direction::kLower,
      .range = "-1 to 1; near 0 is good",
      .needs = "two units, and a method that can be run again",
      .cost = "the method once more",
      .ranks = false,
      .computes = true,
      .options = [] { return option_set().describe(); },
      .run = run};
  return metric;
}

}  // namespace ascribo
