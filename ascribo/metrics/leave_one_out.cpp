// SPDX-License-Identifier: MIT
// Correlation with leave-one-out: whether units are ranked as they matter one at a time. (Jain and
// Wallace 2019; Attanasio et al. 2023.)
#include <cmath>

#include "ascribo/base/option_set.h"
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/agreement.h"
#include "ascribo/metrics/parts/hidden_scores.h"
#include "ascribo/metrics/parts/ranking.h"

namespace ascribo {
namespace {

struct Options {
  Correlation correlation = Correlation::kKendall;
  std::string replace = "delete";
  MetricScore score = MetricScore::kProbability;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("correlation", &Options::correlation, "of the two lists of scores")
          .add("replace", &Options::replace, kReplaceHelp)
          .add("score", &Options::score, kMetricScoreHelp);
  return set;
}

// The whole text, then the text without each unit.
Design one_by_one(std::size_t units) {
  Design design(units);
  design.add();
  for (std::size_t unit = 0; unit < units; ++unit) design.add()[unit] = 1;
  return design;
}

double agreement(const std::vector<double>& scores, const std::vector<double>& without,
                 Correlation correlation) {
  std::vector<double> own, losses;
  for (const std::size_t unit : ranked_units(scores)) {
    own.push_back(scores[unit]);
    losses.push_back(without[0] - without[unit + 1]);
  }
  return own.empty() ? NAN : correlate(correlation, own, losses);
}

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks,
                         std::span<const Judged> judged, Scorer& scorer) {
  const Options options = option_set().parse("leave_one_out", given);
  std::vector<Design> designs;
  for (const Task& task : tasks) {
    require_ranking(task, "leave_one_out");
    designs.push_back(one_by_one(task.result.units.size()));
  }
  const std::vector<MaskScores> scores = hidden_scores(
      "leave_one_out", options.replace, score_kind(options.score), tasks, designs, scorer);
  std::vector<Measure> found;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    std::vector<TargetMeasure> targets;
    for (std::size_t k = 0; k < judged[i].scores.size(); ++k) {
      targets.push_back(
          {agreement(judged[i].scores[k], scores[i].of_target(k), options.correlation)});
    }
    found.push_back(mean_measure("leave_one_out", std::move(targets)));
  }
  return found;
}

}  // namespace

const Metric& metric_leave_one_out() {
  static const Metric metric{
      .name = "leave_one_out",
      .summary = "Whether units are ranked as they matter when one at a time is taken out.",
      .formula = "tau-b of a_i and p(x) - p(x without unit i), or Spearman's correlation",
      .paper =
          "Jain, Wallace 2019: Attention is not Explanation; Attanasio et al. 2023: ferret: a "
          "Framework for Benchmarking Explainers on Transformers",
      .direction = Direction::kHigher,
      .range = "-1 to 1",
      .needs = "two units",
      .cost = "n forwards",
      .options = [] { return option_set().describe(); },
      .score =
          [](const OptionValues& given) {
            return score_kind(option_set().parse("leave_one_out", given).score);
          },
      .run = run};
  return metric;
}

}  // namespace ascribo
