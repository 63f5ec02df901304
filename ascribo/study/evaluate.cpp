// SPDX-License-Identifier: MIT
// Runs batches on all threads and adds up their answers in order.
#include "ascribo/study/evaluate.h"

#include <algorithm>
#include <cmath>

#include "ascribo/base/threads.h"

namespace ascribo {
namespace {

constexpr std::size_t kTogether = 16;

// What one batch adds.
struct Answers {
  double loss = 0, weight = 0;
  std::vector<std::int64_t> right, given;
  std::vector<double> right_numbers, given_numbers;
};

Answers answers_of(const Model& model, std::span<const Example* const> examples,
                   Objective objective) {
  Batch batch;
  for (const Example* each : examples) batch.append(each->sequence);
  Run run;
  const Tensor logits = model.forward(batch, run).value();
  const LossOptions plain{.objective = objective};
  Answers answers{.loss = losses_of(plain, logits, examples).sum(),
                  .weight = weight_of(plain, examples)};
  const std::vector<double> values = logits.to_vector<double>();
  const auto outputs = static_cast<std::size_t>(logits.cols());
  std::size_t row = 0;
  for (const Example* each : examples) {
    for (const std::int64_t label : each->labels) {
      const auto first = values.begin() + static_cast<std::ptrdiff_t>(outputs * row++);
      answers.right.push_back(label);
      answers.given.push_back(std::max_element(first, first + logits.cols()) - first);
    }
  }
  std::size_t at = 0;
  for (const Example* each : examples) {
    for (const float value : each->values) {
      const double logit = values[at++];
      if (objective == Objective::kLabels) {
        answers.right.push_back(value > 0.5F ? 1 : 0);
        answers.given.push_back(logit > 0 ? 1 : 0);
      } else {
        answers.right_numbers.push_back(static_cast<double>(value));
        answers.given_numbers.push_back(logit);
      }
    }
  }
  return answers;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

NamedScores scores_of(const Answers& all, Objective objective, std::int64_t outputs) {
  switch (objective) {
    case Objective::kLabel:
      return {{"accuracy", accuracy(all.right, all.given)},
              {"f1", f1(all.right, all.given, outputs)},
              {"matthews", matthews(all.right, all.given, outputs)}};
    case Objective::kLabels:
      return {{"f1", f1(all.right, all.given, 2)}, {"accuracy", accuracy(all.right, all.given)}};
    case Objective::kNumber:
      return {{"pearson", pearson(all.right_numbers, all.given_numbers)},
              {"spearman", spearman(all.right_numbers, all.given_numbers)}};
    case Objective::kNextToken: return {{"accuracy", accuracy(all.right, all.given)}};
  }
  return {};
}

}  // namespace

Evaluation evaluate(const Model& model, const std::vector<Example>& examples, Objective objective) {
  const std::size_t count = (examples.size() + kTogether - 1) / kTogether;
  std::vector<Answers> found(count);
  parallel_for(static_cast<std::int64_t>(count), [&](std::int64_t n) {
    const auto at = static_cast<std::size_t>(n);
    std::vector<const Example*> batch;
    for (std::size_t i = at * kTogether; i < std::min(examples.size(), (at + 1) * kTogether); ++i) {
      batch.push_back(&examples[i]);
    }
    found[at] = answers_of(model, batch, objective);
  });
  Answers all;
  for (const Answers& each : found) {
    all.loss += each.loss;
    all.weight += each.weight;
    append(all.right, each.right);
    append(all.given, each.given);
    append(all.right_numbers, each.right_numbers);
    append(all.given_numbers, each.given_numbers);
  }
  Evaluation evaluation;
  evaluation.loss = all.weight > 0 ? all.loss / all.weight : 0;
  evaluation.scores = scores_of(all, objective, model.info().outputs);
  return evaluation;
}

}  // namespace ascribo
