// SPDX-License-Identifier: MIT
// Copies tasks, has the other model answer them, and runs the method on the copies.
#include "ascribo/metrics/parts/run_again.h"

#include <memory>
#include <string>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/explain/inputs/parts.h"
#include "ascribo/explain/perturb/mask_scores.h"
#include "ascribo/explain/scorer.h"
#include "ascribo/explain/settings.h"
#include "ascribo/metrics/parts/ranking.h"

namespace ascribo {
namespace {

// As it was before the method: targets stay those that the true model's answers came to.
Task fresh_copy(const Task& task) {
  Task copy = task;
  copy.masks = std::make_shared<MaskStore>();
  for (Attribution& attribution : copy.result.attributions) {
    attribution.scores.clear();
    attribution.special.reset();
    attribution.standard_error.reset();
    attribution.values.reset();
  }
  copy.keep_values = copy.keep_masks = false;
  for (Task& part : copy.parts) part = fresh_copy(part);
  return copy;
}

void answer(std::vector<Task>& tasks, Scorer& scorer) {
  Sweep sweep = sweep_texts(tasks);
  sweep.take = [&](std::int64_t item, const Outcome& outcome) {
    Task& task = tasks[static_cast<std::size_t>(item)];
    task.logits.assign(outcome.logits.begin(), outcome.logits.end());
    for (std::size_t k = 0; k < task.targets.size(); ++k) {
      task.result.attributions[k].value = task.value(task.logits, k);
    }
  };
  scorer.run(sweep);
}

}  // namespace

std::vector<std::vector<std::vector<double>>> scores_again(std::string_view metric,
                                                           const Model& model,
                                                           std::span<const Task> tasks,
                                                           std::span<const Judged> judged,
                                                           Scorer& scorer) {
  std::vector<std::vector<std::vector<double>>> scores(tasks.size());
  if (tasks.empty()) return scores;
  const MethodRequest* method = judged.front().method;
  if (method == nullptr) {
    fail(Code::kUnsupported, metric, "there are scores but no method",
         "expected a method: it is run again", "leave the metric out");
  }
  std::vector<Task> copies;
  for (const Task& task : tasks) {
    require_ranking(task, metric);
    copies.push_back(fresh_copy(task));
  }
  Scorer own(model, scorer.tokenizer(), method->settings.batch_tokens);
  std::vector<Task> running = unpack(copies);
  answer(running, own);
  method->method->run(method->options, running, own);
  repack(std::move(running), copies);
  for (std::size_t i = 0; i < copies.size(); ++i) {
    stitch(copies[i]);
    hide_unseen(copies[i]);
    for (const Attribution& attribution : copies[i].result.attributions) {
      scores[i].emplace_back(attribution.scores.begin(), attribution.scores.end());
    }
  }
  return scores;
}

}  // namespace ascribo
