// SPDX-License-Identifier: MIT
// Plausibility of the units ranked highest: F1 of them and what people marked.
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/rationale.h"

namespace ascribo {
namespace {

double value(const Supported& target, std::int64_t top) {
  const Overlap found = overlap(target, top);
  return found.hits > 0 ? 2 * found.hits / (found.chosen + found.human) : 0;
}

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks,
                         std::span<const Judged> judged, Scorer&) {
  return run_plausibility("plausibility_f1", tasks, judged, value,
                          read_top("plausibility_f1", given));
}

}  // namespace

const Metric& metric_plausibility_f1() {
  static const Metric metric{
      .name = "plausibility_f1",
      .summary = "How far the units ranked highest are those that people marked: F1.",
      .formula = "2 hits / (chosen + human), chosen the first `top` units with positive scores",
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
