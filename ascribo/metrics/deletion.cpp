// SPDX-License-Identifier: MIT
// Deletion: how fast the model's score goes when the units ranked highest go first.
// (Petsiuk, Das, Saenko 2018.)
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/area.h"

namespace ascribo {
namespace {

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks,
                         std::span<const Judged> judged, Scorer& scorer) {
  return run_area("deletion", false, given, tasks, judged, scorer);
}

}  // namespace

const Metric& metric_deletion() {
  static const Metric metric{
      .name = "deletion",
      .summary = "How fast the model's score goes when the units ranked highest go first.",
      .formula =
          "mean over steps of the trapezoid of p(first k units hidden, all others shown), k = 0 to "
          "m",
      .paper =
          "Petsiuk, Das, Saenko 2018: RISE: Randomized Input Sampling for Explanation of "
          "Black-box Models",
      .direction = Direction::kLower,
      .range = "that of the score: 0 to 1 for a probability",
      .needs = "two units",
      .cost = "m forwards, at most `points`",
      .curve = true,
      .options = describe_area,
      .recipes = area_recipes,
      .score = [](const OptionValues& given) { return area_score("deletion", given); },
      .run = run};
  return metric;
}

}  // namespace ascribo
