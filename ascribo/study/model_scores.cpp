// SPDX-License-Identifier: MIT
// Runs batches on all threads and adds up their answers in order.
#include "ascribo/study/model_scores.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/base/threads.h"
#include "ascribo/metrics/parts/agreement.h"
#include "ascribo/study/squad_scores.h"

namespace ascribo {
namespace {

constexpr std::size_t kTogether = 16;

constexpr std::int64_t kLongestAnswer = 30;  // tokens, as in the published evaluation of SQuAD

// What one batch adds.
struct Answers {
  double loss = 0, weight = 0;
  std::vector<std::int64_t> right = {}, given = {};
  std::vector<std::size_t> ends = {};  // of each text's labels
  std::vector<double> right_numbers = {}, given_numbers = {};
  std::vector<double> exact = {}, shares = {};  // of kAnswer
};

// Logits of one row after another.
class Rows {
 public:
  explicit Rows(const Tensor& logits)
      : values_(logits.to_vector<double>()), outputs_(logits.cols()) {}

  std::span<const double> next(std::int64_t rows = 1) {
    const auto count = static_cast<std::size_t>(rows * outputs_);
    at_ += count;
    return std::span(values_).subspan(at_ - count, count);
  }

 private:
  std::vector<double> values_;
  std::int64_t outputs_;
  std::size_t at_ = 0;
};

void add_labels(const Example& example, Rows& rows, Answers& answers) {
  for (const std::int64_t label : example.labels) {
    const std::span<const double> logits = rows.next();
    std::int64_t best = std::max_element(logits.begin(), logits.end()) - logits.begin();
    if (!example.choices.empty()) {
      best = *std::max_element(
          example.choices.begin(), example.choices.end(), [&](std::int64_t a, std::int64_t b) {
            return logits[static_cast<std::size_t>(a)] < logits[static_cast<std::size_t>(b)];
          });
    }
    answers.right.push_back(label);
    answers.given.push_back(best);
  }
  answers.ends.push_back(answers.right.size());
}

// The stretch of the context with the largest sum of logits.
void add_answer(const Example& example, Rows& rows, Answers& answers) {
  const std::span<const double> logits = rows.next(example.sequence.size());
  const auto logit = [&](std::int64_t token, std::size_t end) {
    return logits[2 * static_cast<std::size_t>(token) + end];
  };
  const std::int64_t begin = example.choices[0], end = example.choices[1];
  std::pair best{begin, begin};
  for (std::int64_t first = begin; first < end; ++first) {
    for (std::int64_t last = first; last < std::min(end, first + kLongestAnswer); ++last) {
      if (logit(first, 0) + logit(last, 1) > logit(best.first, 0) + logit(best.second, 1)) {
        best = {first, last};
      }
    }
  }
  ASCRIBO_ASSERT(example.texts != nullptr);
  const SquadScores found = squad_scores(*example.texts, best.first, best.second);
  answers.exact.push_back(found.exact);
  answers.shares.push_back(found.f1);
}

void add_values(const Example& example, Objective objective, Rows& rows, Answers& answers) {
  const std::span<const double> logits = rows.next();
  for (std::size_t i = 0; i < example.values.size(); ++i) {
    if (objective == Objective::kLabels) {
      answers.right.push_back(example.values[i] > 0.5F ? 1 : 0);
      answers.given.push_back(logits[i] > 0 ? 1 : 0);
    } else {
      answers.right_numbers.push_back(static_cast<double>(example.values[i]));
      answers.given_numbers.push_back(logits[i]);
    }
  }
}

Answers answers_of(const Model& model, std::span<const Example* const> examples,
                   Objective objective) {
  Batch batch;
  for (const Example* each : examples) batch.append(each->sequence);
  Run run;
  const Tensor logits = model.forward(batch, run).value();
  const LossOptions plain{.objective = objective};
  Answers answers{.loss = losses_of(plain, logits, examples).sum(),
                  .weight = weight_of(plain, examples)};
  Rows rows(logits);
  for (const Example* each : examples) {
    if (objective == Objective::kAnswer) {
      add_answer(*each, rows, answers);
    } else if (each->values.empty()) {
      add_labels(*each, rows, answers);
    } else {
      add_values(*each, objective, rows, answers);
    }
  }
  return answers;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void append(Answers& to, const Answers& from) {
  to.loss += from.loss;
  to.weight += from.weight;
  for (const std::size_t end : from.ends) to.ends.push_back(to.right.size() + end);
  append(to.right, from.right);
  append(to.given, from.given);
  append(to.right_numbers, from.right_numbers);
  append(to.given_numbers, from.given_numbers);
  append(to.exact, from.exact);
  append(to.shares, from.shares);
}

double mean(const std::vector<double>& values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

NamedScores scores_of(const Answers& all, Objective objective, const ModelInfo& model) {
  const double hits = accuracy(all.right, all.given);
  switch (objective) {
    case Objective::kLabel:
      return {{"accuracy", hits},
              {"f1", f1(all.right, all.given, model.outputs)},
              {"matthews", matthews(all.right, all.given, model.outputs)}};
    case Objective::kLabels: return {{"f1", f1(all.right, all.given, 2)}, {"accuracy", hits}};
    case Objective::kNumber:
      return {{"pearson", pearson(all.right_numbers, all.given_numbers)},
              {"spearman", spearman(all.right_numbers, all.given_numbers)}};
    case Objective::kNextToken:
    case Objective::kWord: return {{"accuracy", hits}};
    case Objective::kTags:
      if (!marks_entities(model.labels)) return {{"accuracy", hits}};
      return {{"f1", entity_f1(all.right, all.given, all.ends, model.labels)}, {"accuracy", hits}};
    case Objective::kAnswer: return {{"f1", mean(all.shares)}, {"exact", mean(all.exact)}};
  }
  return {};
}

}  // namespace

ModelScores scores_of_model(const Model& model, const std::vector<Example>& examples,
                            Objective objective) {
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
  for (const Answers& each : found) append(all, each);
  ModelScores evaluation;
  evaluation.loss = all.weight > 0 ? all.loss / all.weight : 0;
  evaluation.scores = scores_of(all, objective, model.info());
  return evaluation;
}

}  // namespace ascribo
