// SPDX-License-Identifier: MIT
// Sufficiency: what the score loses when nothing but the units ranked highest is left.
// parts/erasure.cpp has the three definitions.
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/erasure.h"

namespace ascribo {
namespace {

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks,
                         std::span<const Judged> judged, Scorer& scorer) {
  return run_erasure("sufficiency", true, given, tasks, judged, scorer);
}

}  // namespace

const Metric& metric_sufficiency() {
  static const Metric metric{
      .name = "sufficiency",
      .summary = "What the score loses when nothing but the units ranked highest is left.",
      .formula =
          "mean over bins k of p(text) - p(first k units alone); alti divides "
          "by bins + 1 and makes p monotone",
      .paper =
          "DeYoung et al. 2020: ERASER: A Benchmark to Evaluate Rationalized NLP Models; "
          "Ferrando, Gallego, Costa-jussa 2022: Measuring the Mixing of Contextual "
          "Information in the Transformer; Attanasio et al. 2023: ferret: a Framework for "
          "Benchmarking Explainers on Transformers",
      .direction = Direction::kLower,
      .range = "-1 to 1 for a probability",
      .needs = "two units",
      .cost = "a forward per bin: 5, or 10 for ferret",
      .curve = true,
      .options = describe_erasure,
      .recipes = erasure_recipes,
      .score = [](const OptionValues& given) { return erasure_score("sufficiency", given); },
      .run = run};
  return metric;
}

}  // namespace ascribo
