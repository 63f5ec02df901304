// SPDX-License-Identifier: MIT
// Insertion: how fast the model's score comes when the units ranked highest come in first.
// (Petsiuk, Das, Saenko 2018.)
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/area.h"

namespace ascribo {
namespace {

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks,
                         std::span<const Judged> judged, Scorer& scorer) {
  return run_area("insertion", true, given, tasks, judged, scorer);
}

}  // namespace

const Metric& metric_insertion() {
  static const Metric metric{
      .name = "insertion",
      .summary = "How fast the model's score comes when the units ranked highest come in first.",
      .formula =
          "mean over steps of the trapezoid of p(first k units shown, all others hidden), k = 0 to "
          "m",
      .paper =
          "Petsiuk, Das, Saenko 2018: RISE: Randomized Input Sampling for Explanation of "
          "Black-box Models",
      .direction = Direction::kHigher,
      .range = "that of the score: 0 to 1 for a probability",
      .needs = "two units",
      .cost = "m forwards, at most `points`",
      .curve = true,
      .options = describe_area,
      .recipes = area_recipes,
      .score = [](const OptionValues& given) { return area_score("insertion", given); },
      .run = run};
  return metric;
}

}  // namespace ascribo
