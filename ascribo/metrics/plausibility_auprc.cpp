// SPDX-License-Identifier: MIT
// Plausibility of a ranking: the area under precision and recall against what people marked.
#include <cmath>

#include "ascribo/base/option_set.h"
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/rationale.h"

namespace ascribo {
namespace {

struct Options {};

// A threshold between any two different scores; recall 0 has precision 1.
double value(const Supported& target, std::int64_t) {
  double human = 0;
  for (const bool each : target.human) human += each;
  if (human == 0) return NAN;  // a target that sees nothing of the rationale
  double area = 0, recall = 0, precision = 1, hits = 0;
  for (std::size_t i = 0; i < target.scores.size(); ++i) {
    hits += target.human[i];
    if (i + 1 < target.scores.size() && target.scores[i + 1] == target.scores[i]) continue;
    const double next_recall = hits / human, next_precision = hits / static_cast<double>(i + 1);
    area += (next_recall - recall) * (precision + next_precision) / 2;
    recall = next_recall;
    precision = next_precision;
  }
  return area;
}

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks,
                         std::span<const Judged> judged, Scorer&) {
  OptionSet<Options>().parse("plausibility_auprc", given);
  return run_plausibility("plausibility_auprc", tasks, judged, value, 0);
}

}  // namespace

const Metric& metric_plausibility_auprc() {
  static const Metric metric{
      .name = "plausibility_auprc",
      .summary =
          "Whether what people marked is ranked above the rest: area under precision and recall.",
      .formula = "trapezoid area under (recall, precision) over all thresholds of a_i",
      .paper = "DeYoung et al. 2020: ERASER: A Benchmark to Evaluate Rationalized NLP Models",
      .direction = Direction::kHigher,
      .range = "0 to 1",
      .needs = kRationaleNeeds,
      .cost = "nothing",
      .options = [] { return OptionSet<Options>().describe(); },
      .run = run};
  return metric;
}

}  // namespace ascribo
