// SPDX-License-Identifier: MIT
// Runs one text by itself, for methods that look at several taps at once, of any shape.
#include <algorithm>
#include <utility>

#include "ascribo/base/in_order.h"
#include "ascribo/base/threads.h"
#include "ascribo/explain/answered.h"
#include "ascribo/explain/finite.h"
#include "ascribo/explain/scorer.h"

namespace ascribo {

void Scorer::run_alone(Task& task, const std::vector<TapPoint>& points,
                       const std::function<void(const TapOutcome&)>& take) {
  if (check_) check_();
  if (counts_only_) return count_alone(task, points, take);
  model_.pack(true, precision_);
  observe(task, points, take);
}

void Scorer::run_each(std::span<Task> tasks, const std::vector<TapPoint>& points,
                      const std::function<void(Task&, const TapOutcome&)>& take) {
  const auto take_of = [&take](Task& task) -> TakeTaps {
    return [&take, &task](const TapOutcome& outcome) { take(task, outcome); };
  };
  if (counts_only_) {
    for (Task& task : tasks) run_alone(task, points, take_of(task));
    return;
  }
  model_.pack(true, precision_);
  const auto threads = std::min<std::int64_t>(free_threads(), std::ssize(tasks));
  run_in_order(static_cast<int>(threads), [&, next = tasks.begin()]() mutable -> Job {
    if (next == tasks.end()) return {};
    if (check_) check_();
    Task& task = *next++;
    return [&, take = take_of(task)]() -> Delivery {
      observe(task, points, take);
      return [] {};
    };
  });
}

void Scorer::observe(Task& task, const std::vector<TapPoint>& points, const TakeTaps& take) const {
  Batch batch;
  batch.append(task.sequence);
  Run run;
  run.set_precision(precision_);
  for (const TapPoint point : points) run.watch(point);
  const Variable output = model_.forward(batch, run);
  const Answered answered(output.value(), batch, model_.info().head);
  check_finite(model_, answered, batch);
  task.add_forward(batch.rows());
  TapOutcome outcome;
  for (const TapPoint point : points) outcome.values.push_back(run.at(point).value());
  const std::vector<Variant> variants = {{&task, task.sequence}};
  const std::size_t targets = task.targets.size();
  const auto at_once =
      static_cast<std::size_t>(std::max<std::int64_t>(1, batch_tokens_ / batch.rows()));
  for (std::size_t first = 0; first < targets; first += at_once) {
    const std::size_t count = std::min(at_once, targets - first);
    const Seeds seeds = model_.compute() == Dtype::kF64
                            ? make_seeds<double>(answered, variants, first, count)
                            : make_seeds<float>(answered, variants, first, count);
    outcome.first_target = first;
    outcome.count = static_cast<std::int64_t>(count);
    outcome.gradients = run.gradients(output, seeds, points, first + count == targets);
    task.add_backwards(batch.rows(), count);
    take(outcome);
  }
}

bool Scorer::run_observed(Task& task, const std::vector<Sequence>& sequences, Run& run) {
  if (check_) check_();
  Batch batch;
  for (const Sequence& sequence : sequences) {
    batch.append(sequence);
    task.add_forward(sequence.size());
  }
  if (counts_only_) return false;
  run.set_precision(precision_);
  model_.pack(false, precision_);
  const Variable output = model_.forward(batch, run);
  check_finite(model_, Answered(output.value(), batch, model_.info().head), batch);
  return true;
}

}  // namespace ascribo
