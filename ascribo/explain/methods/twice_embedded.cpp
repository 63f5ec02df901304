// SPDX-License-Identifier: MIT
// Values are taken at the embeddings' output and put in at the word embeddings.
#include "ascribo/explain/methods/twice_embedded.h"

#include <cmath>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/explain/rows.h"

namespace ascribo {
namespace {

constexpr TapPoint kWords{Tap::kWordEmbeddings};

void finish(Task& task) {
  task.result.method.is_signed = false;
  if (task.keep_values) task.note("values: this recipe has no values per dimension");
}

template <class T>
std::vector<double> token_scores(const Tensor& values, const Tensor& gradient, bool times_input) {
  const auto width = static_cast<std::size_t>(gradient.cols());
  std::vector<double> scores(static_cast<std::size_t>(gradient.rows()), 0.0);
  for (std::size_t token = 0; token < scores.size(); ++token) {
    const T* value = values.data<T>() + token * width;
    const T* slope = gradient.data<T>() + token * width;
    double sum = 0;
    for (std::size_t d = 0; d < width; ++d) {
      const auto own = static_cast<double>(slope[d]);
      sum += own * (times_input ? static_cast<double>(value[d]) : own);
    }
    scores[token] = times_input ? std::abs(sum) : std::sqrt(sum);
  }
  return scores;
}

}  // namespace

OptionValues twice_embedded_recipe(OptionValues more) {
  more.insert(
      {{"recipe", "alti"}, {"unit", "all_tokens"}, {"score", "probability"}, {"normalize", "l1"}});
  return more;
}

void check_twice_embedded(const std::string& method, const std::string& at) {
  if (at == "word_embeddings") return;
  fail(Code::kInvalidArgument, method, "at is \"" + at + "\" and compat is alti",
       "expected word_embeddings, which is part of that recipe");
}

void gradient_twice_embedded(std::span<Task> tasks, Scorer& scorer, bool times_input,
                             Aggregate aggregate) {
  const std::vector<Tensor> texts = text_values(tasks, scorer, kEmbeddingsOutput);
  Sweep sweep = sweep_texts(tasks);
  sweep.at = kWords;
  sweep.fill = [&](std::int64_t item, Tensor& values) {
    copy_rows(texts[static_cast<std::size_t>(item)], values);
  };
  sweep.gradients = true;
  sweep.take = [&](std::int64_t item, const Outcome& outcome) {
    const Tensor& values = texts[static_cast<std::size_t>(item)];
    for (std::size_t k = 0; k < outcome.gradients.size(); ++k) {
      const Tensor& gradient = outcome.gradients[k];
      set_scores(tasks[static_cast<std::size_t>(item)], outcome.first_target + k,
                 gradient.dtype() == Dtype::kF64
                     ? token_scores<double>(values, gradient, times_input)
                     : token_scores<float>(values, gradient, times_input),
                 aggregate);
    }
  };
  scorer.run(sweep);
  for (Task& task : tasks) finish(task);
}

void path_twice_embedded(std::span<Task> tasks, Scorer& scorer, const Baseline& baseline,
                         const PathRule& rule, Aggregate aggregate) {
  const std::vector<Tensor> texts = text_values(tasks, scorer, kEmbeddingsOutput);
  std::vector<Path> paths = paths_from(baseline, tasks, texts, scorer, kEmbeddingsOutput);
  for (Path& path : paths) path.baseline_logits.clear();  // those of a baseline embedded once
  const std::vector<PathIntegral> integrals = integrate(paths, tasks, scorer, kWords, rule, false);
  const std::size_t count = baseline.count();
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const std::size_t tokens = tasks[i].sequence.ids.size();
    for (std::size_t k = 0; k < tasks[i].targets.size(); ++k) {
      std::vector<double> scores(tokens, 0.0);
      for (std::size_t path = i * count; path < (i + 1) * count; ++path) {
        for (std::size_t j = 0; j < tokens; ++j) {
          scores[j] += integrals[path].sums[k * tokens + j] / static_cast<double>(count);
        }
      }
      for (double& score : scores) score = std::abs(score);
      set_scores(tasks[i], k, scores, aggregate);
    }
    finish(tasks[i]);
  }
}

}  // namespace ascribo
