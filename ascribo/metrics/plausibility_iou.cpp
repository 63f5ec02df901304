// SPDX-License-Identifier: MIT
// Plausibility of the units ranked highest: intersection over union with what people marked.
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/rationale.h"

namespace ascribo {
namespace {

double value(const Supported& target, std::int64_t top) {
  const Overlap found = overlap(target, top);
  return found.hits > 0 ? found.hits / (found.chosen + found.human - found.hits) : 0;
}

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks,
                         std::span<const Judged> judged, Scorer&) {
  return run_plausibility("plausibility_iou", tasks, judged, value,
                          read_top("plausibility_iou", given));
}

}  // namespace

const Metric& metric_plausibility_iou() {
  static const Metric metric{
      .name = "plausibility_iou",
      .summary =
          "How far the units ranked highest are those that people marked: intersection over union.",
      .formula =
          "hits / (chosen + human - hits), chosen the first `top` units with positive scores",
      .paper = "DeYoung et al. 2020: ERASER: A Benchmark to Evaluate Rationalized NLP Models",
      .direction = Direction::kHigher,
      .range = "0 to 1",
      .needs = kRationaleNeeds,
      .cost = "nothing",
      .options = describe_top,
      .run = run};
  return metric;
}

}  // namespace ascribo
