// SPDX-License-Identifier: MIT
// Parameter randomisation: whether scores change when the model knows nothing any more, or less and
// less. (Adebayo et al. 2018: all weights at once, or cascading from the top.)
#include <any>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

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
  bool cascade = false;
  bool magnitudes = false;
  std::uint64_t seed = 0;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("correlation", &Options::correlation, "of the scores before and after")
          .add(
              "cascade", &Options::cascade,
              "not all weights at once, but those of the head, then also of the last layer, and so "
              "on down to the word table: a curve, whose mean after its first point is the value")
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

// Opened once for all texts of a run.
std::shared_ptr<Randomized> forgetful(const Model& model, const Options& options,
                                      const Judged& judged) {
  if (judged.kept == nullptr) return std::make_shared<Randomized>(model, options.seed);
  auto* kept = std::any_cast<std::shared_ptr<Randomized>>(judged.kept);
  if (kept != nullptr) return *kept;
  return judged.kept->emplace<std::shared_ptr<Randomized>>(
      std::make_shared<Randomized>(model, options.seed));
}

// The curve of a target: as it is, then with more and more weights random.
TargetMeasure cascade(std::vector<double> curve) {
  TargetMeasure found;
  found.counts.resize(curve.size());
  std::iota(found.counts.begin(), found.counts.end(), std::int64_t{0});
  found.value =
      std::accumulate(curve.begin() + 1, curve.end(), 0.0) / static_cast<double>(curve.size() - 1);
  found.curve = std::move(curve);
  return found;
}

// Agreement after each step, `[texts][targets][steps]`.
using Curves = std::vector<std::vector<std::vector<double>>>;

void add_step(const Model& model, const Options& options, std::span<const Task> tasks,
              std::span<const Judged> judged, Scorer& scorer, Curves& curves) {
  const auto after = scores_again("randomization", model, tasks, judged, scorer);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    for (std::size_t k = 0; k < after[i].size(); ++k) {
      curves[i][k].push_back(agreement(judged[i].scores[k], after[i][k], options));
    }
  }
}

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks,
                         std::span<const Judged> judged, Scorer& scorer) {
  const Options options = option_set().parse("randomization", given);
  if (tasks.empty()) return {};
  const auto random = forgetful(scorer.model(), options, judged.front());
  Curves curves(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    for (const std::vector<double>& scores : judged[i].scores) {
      curves[i].emplace_back();
      if (options.cascade) curves[i].back().push_back(agreement(scores, scores, options));
    }
  }
  for (std::size_t groups = options.cascade ? 1 : random->groups(); groups <= random->groups();
       ++groups) {
    add_step(*random->open(groups), options, tasks, judged, scorer, curves);
  }
  std::vector<Measure> found;
  for (std::vector<std::vector<double>>& text : curves) {
    std::vector<TargetMeasure> targets;
    for (std::vector<double>& curve : text) {
      targets.push_back(options.cascade ? cascade(std::move(curve)) : TargetMeasure{curve[0]});
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
      .formula =
          "Spearman's correlation (or tau-b) of a_i and the scores with random weights; cascading, "
          "the mean over steps",
      .paper = "Adebayo et al. 2018: Sanity Checks for Saliency Maps",
      .direction = Direction::kLower,
      .range = "-1 to 1; near 0 is good",
      .needs = "two units, and a method that can be run again",
      .cost = "the method once more; cascading, as often as there are layers, and twice",
      .ranks = false,
      .steps = "layers",
      .computes = true,
      .options = [] { return option_set().describe(); },
      .run = run};
  return metric;
}

}  // namespace ascribo
