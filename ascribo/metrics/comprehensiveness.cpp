// SPDX-License-Identifier: MIT
// Comprehensiveness: what the score loses without the units ranked highest. parts/erasure.cpp has
// the three definitions.
#include "ascribo/metrics/metric.h"
#include "ascribo/metrics/parts/erasure.h"

namespace ascribo {
namespace {

std::vector<Measure> run(const OptionValues& given, std::span<Task> tasks,
                         std::span<const Judged> judged, Scorer& scorer) {
  return run_erasure("comprehensiveness", false, given, tasks, judged, scorer);
}

}  // namespace

const Metric& metric_comprehensiveness() {
  static const Metric metric{
      .name = "comprehensiveness",
      .summary = "What the score loses without the units ranked highest.",
      .formula =
          "mean over bins k of p(text) - p(text without its first k units); alti divides "
          "by bins + 1 and makes p monotone",
      .paper =
          "DeYoung et al. 2020: ERASER: A Benchmark to Evaluate Rationalized NLP Models; "
          "Ferrando, Gallego, Costa-jussa 2022: Measuring the Mixing of Contextual "
          "Information in the Transformer; Attanasio et al. 2023: ferret: a Framework for "
          "Benchmarking Explainers on Transformers",
      .direction = Direction::kHigher,
      .range = "-1 to 1 for a probability",
      .needs = "two units",
      .cost = "a forward per bin: 5, or 10 for ferret",
      .curve = true,
      .options = describe_erasure,
      .recipes = erasure_recipes,
      .score = [](const OptionValues& given) { return erasure_score("comprehensiveness", given); },
      .run = run};
  return metric;
}

}  // namespace ascribo
