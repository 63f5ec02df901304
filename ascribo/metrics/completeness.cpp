// SPDX-License-Identifier: MIT
// Completeness error: how much of the change of the score the scores leave out or invent.
// (Sundararajan, Taly, Yan 2017.)
#include <algorithm>
#include <cmath>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/task.h"
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/ranking.h"

namespace ascribo {
namespace {

// A change of the score below this counts as this much, as in the tolerance of adaptive paths.
constexpr double kSmallestChange = 0.01;

struct Options {
  bool absolute = false;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set = OptionSet<Options>().add(
      "absolute", &Options::absolute, "in units of the score, not as a share of its change");
  return set;
}

double error_of(const Attribution& attribution, const Options& options) {
  if (!attribution.delta || !attribution.baseline_value) {
    fail(Code::kUnsupported, "completeness",
         "the scores for \"" + attribution.target + "\" come without delta",
         "expected a method that promises completeness",
         "`ascribo methods NAME` says what a method promises");
  }
  const double error = std::abs(*attribution.delta);
  if (options.absolute) return error;
  return error /
         std::max(std::abs(attribution.value - *attribution.baseline_value), kSmallestChange);
}

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks, std::span<const Judged>,
                         Scorer&) {
  const Options options = option_set().parse("completeness", given);
  std::vector<Measure> found;
  for (const Task& task : tasks) {
    std::vector<TargetMeasure> targets;
    for (const Attribution& attribution : task.result.attributions) {
      targets.push_back({error_of(attribution, options)});
    }
    found.push_back(mean_measure("completeness", std::move(targets)));
  }
  return found;
}

}  // namespace

const Metric& metric_completeness() {
  static const Metric metric{
      .name = "completeness",
      .summary = "How much of the change of the score the scores leave out or invent: an error.",
      .formula = "|sum a - (F(x) - F(baseline))| / max(|F(x) - F(baseline)|, 0.01)",
      .paper = "Sundararajan, Taly, Yan 2017: Axiomatic Attribution for Deep Networks",
      .direction = Direction::kLower,
      .range = "from 0 on",
      .needs = "a promise of completeness",
      .cost = "nothing",
      .ranks = false,
      .suits = [](const Method& method) { return method.completeness; },
      .options = [] { return option_set().describe(); },
      .run = run};
  return metric;
}

}  // namespace ascribo
