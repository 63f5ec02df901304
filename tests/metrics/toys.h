// SPDX-License-Identifier: MIT
// Models whose best ranking is known, and scores put into an explanation by hand.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ascribo/explain/task.h"
#include "ascribo/metrics/evaluate.h"
#include "ascribo/metrics/parts/filled_scores.h"
#include "tests/explain/toy_subject.h"

namespace ascribo::test {

/// What a metric says of scores that `score` gives each unit (by its place and text).
inline Measure judge_scores(const Subject& subject, const Input& input, const std::string& metric,
                            const std::function<double(std::size_t, const UnitInfo&)>& score,
                            OptionValues options = {}) {
  std::optional<Measure> found;
  EvaluationStream stream;
  stream.next = [&, given = false]() mutable -> std::optional<Input> {
    return std::exchange(given, true) ? std::nullopt : std::optional(input);
  };
  stream.done = [&](const Evaluation& evaluation) { found = evaluation.metrics.at(0)[0]; };
  evaluate_filled(
      subject, stream, {.method = "saliency", .options = std::move(options)},
      {parse_metric(metric)}, [&](std::int64_t, Task& task) {
        for (Attribution& attribution : task.result.attributions) {
          attribution.scores.clear();
          for (std::size_t u = 0; u < task.result.units.size(); ++u) {
            attribution.scores.push_back(static_cast<float>(score(u, task.result.units[u])));
          }
        }
      });
  return *found;
}

/// Scores in the order of the units.
inline std::function<double(std::size_t, const UnitInfo&)> as_listed(std::vector<double> scores) {
  return
      [scores = std::move(scores)](std::size_t unit, const UnitInfo&) { return scores.at(unit); };
}

/// Two words, "good" and "film": the logits are 2 [good] + 1 [film] and their negatives; everything
/// else is silent.
inline Toy two_word_toy() {
  const auto tokenizer = Tokenizer::open(toy_tokenizer());
  toys::LinearModel::Parameters parameters;
  const auto vocabulary = static_cast<std::size_t>(tokenizer->vocabulary_size());
  parameters.words.assign(vocabulary, {0});
  // A word's weight grows with its position, by an eighth each: "good" stands at 1, "film" at 2.
  parameters.words[static_cast<std::size_t>(*tokenizer->find_token("good"))] = {2 / 1.125F};
  parameters.words[static_cast<std::size_t>(*tokenizer->find_token("film"))] = {1 / 1.25F};
  parameters.weight = {{1}, {-1}};
  parameters.bias = {0, 0};
  return toy_of(std::move(parameters), {"yes", "no"});
}

/// p of the first of two opposite logits.
inline double sigmoid2(double logit) { return 1 / (1 + std::exp(-2 * logit)); }

}  // namespace ascribo::test
