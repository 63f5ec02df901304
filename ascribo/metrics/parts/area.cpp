// SPDX-License-Identifier: MIT
// Curves with at most `points` steps, e = ceil(m share) units in all; the area by the trapezoid
// rule, divided by the number of steps, so that a constant score is its own area. (Petsiuk, Das,
// Saenko 2018; interpreto's numbers.)
#include "ascribo/metrics/parts/area.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/perturb/replacement.h"
#include "ascribo/metrics/parts/ranking.h"

namespace ascribo {
namespace {

struct Options {
  std::string replace = "mask";
  MetricScore score = MetricScore::kProbability;
  std::int64_t points = 100;
  double share = 1;
  bool blind_start = false;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("replace", &Options::replace, kReplaceHelp)
          .add("score", &Options::score, kMetricScoreHelp)
          .add("points", &Options::points, "steps of the curve, at most; else one per unit")
          .check([](std::int64_t points) { return points >= 1; }, "expected at least 1")
          .add("share", &Options::share, "of the units: how far the curve goes")
          .check([](double share) { return share > 0 && share <= 1; },
                 "expected more than 0 and at most 1")
          .add("blind_start", &Options::blind_start, "")
          .internal();
  return set;
}

// How many units are hidden or shown at each point: none first, `share` of them last.
std::vector<std::int64_t> step_counts(std::size_t units, const Options& options) {
  const auto last =
      static_cast<std::int64_t>(std::ceil(static_cast<double>(units) * options.share - 1e-9));
  const std::int64_t steps = std::min(options.points, last);
  std::vector<std::int64_t> counts;
  for (std::int64_t i = 0; i <= steps; ++i) counts.push_back(steps == 0 ? 0 : i * last / steps);
  return counts;
}

double area(std::span<const double> curve) {
  if (curve.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (std::size_t i = 1; i < curve.size(); ++i) sum += (curve[i - 1] + curve[i]) / 2;
  return sum / static_cast<double>(curve.size() - 1);
}

TargetMeasure measure(std::size_t units, std::vector<double> curve, const Options& options,
                      bool starts_blind) {
  TargetMeasure found;
  found.counts = step_counts(units, options);
  if (starts_blind) {
    found.counts.insert(found.counts.begin(), 0);
    curve.insert(curve.begin(), curve.front());
  }
  found.value = area(curve);
  found.curve = std::move(curve);
  return found;
}

std::vector<Measure> run_area(std::string_view metric, bool insert, const OptionValues& given,
                              std::span<Task> tasks, std::span<const Judged> judged,
                              Scorer& scorer) {
  const Options options = option_set().parse(metric, given);
  const auto points = [&](std::span<const double>, std::span<const std::size_t> ranked) {
    std::vector<CurvePoint> wanted;
    for (const std::int64_t count : step_counts(ranked.size(), options)) {
      wanted.push_back({static_cast<std::size_t>(count), insert});
    }
    return wanted;
  };
  auto curves = curve_scores(metric, options.replace, score_kind(options.score), points, tasks,
                             judged, scorer);
  std::vector<Measure> found;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    std::vector<TargetMeasure> targets;
    for (std::size_t k = 0; k < curves[i].size(); ++k) {
      const bool starts_blind =
          options.blind_start && tasks[i].result.attributions[k].position && tasks[i].causal;
      targets.push_back(measure(ranked_units(judged[i].scores[k]).size(), std::move(curves[i][k]),
                                options, starts_blind));
    }
    found.push_back(mean_measure(metric, std::move(targets)));
  }
  return found;
}

std::vector<Recipe> recipes() {
  return {{"interpreto",
           {{"blind_start", "yes"}},
           "compat interpreto: a generated token ranks itself first, so that its curve begins with "
           "a step in which nothing changes"}};
}

template <bool kInsert>
Metric make_metric() {
  static constexpr std::string_view kName = kInsert ? "insertion" : "deletion";
  return {
      .name = kName,
      .summary = {},
      .formula = {},
      .paper =
          "Petsiuk, Das, Saenko 2018: RISE: Randomized Input Sampling for Explanation of "
          "Black-box Models",
      .range = "that of the score: 0 to 1 for a probability",
      .needs = "two units",
      .cost = "m forwards, at most `points`",
      .curve = true,
      .options = [] { return option_set().describe(); },
      .recipes = recipes,
      .score =
          [](const OptionValues& given) {
            return score_kind(option_set().parse(kName, given).score);
          },
      .run = [](const OptionValues& given, std::span<Task> tasks, std::span<const Judged> judged,
                Scorer& scorer) { return run_area(kName, kInsert, given, tasks, judged, scorer); }};
}

}  // namespace

Metric area_metric(bool insert) { return insert ? make_metric<true>() : make_metric<false>(); }

}  // namespace ascribo
