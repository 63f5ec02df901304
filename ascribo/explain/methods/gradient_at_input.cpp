// SPDX-License-Identifier: MIT
// Gradients at the text itself.
#include "ascribo/explain/methods/gradient_at_input.h"

#include <vector>

#include "ascribo/base/option_set.h"

namespace ascribo {
namespace {

template <class T>
std::vector<double> combine_all(const Tensor& values, const Tensor& gradient, Combine combine) {
  const T* value = values.data<T>();
  const T* slope = gradient.data<T>();
  std::vector<double> result(static_cast<std::size_t>(values.numel()));
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = combine(static_cast<double>(value[i]), static_cast<double>(slope[i]));
  }
  return result;
}

}  // namespace

void gradient_at_input(std::span<Task> tasks, Scorer& scorer, TapPoint at, Combine combine,
                       Reduce reduce, Aggregate aggregate) {
  Sweep sweep = sweep_texts(tasks);
  sweep.at = at;
  sweep.gradients = true;
  sweep.take = [&](std::int64_t item, const Outcome& outcome) {
    Task& task = tasks[static_cast<std::size_t>(item)];
    for (std::size_t k = 0; k < outcome.gradients.size(); ++k) {
      const Tensor& gradient = outcome.gradients[k];
      const std::vector<double> values =
          gradient.dtype() == Dtype::kF64 ? combine_all<double>(outcome.values, gradient, combine)
                                          : combine_all<float>(outcome.values, gradient, combine);
      set_values(task, outcome.first_target + k, values, reduce, aggregate);
    }
  };
  scorer.run(sweep);
  for (Task& task : tasks) mark_unsigned(task, reduce);
}

void mark_unsigned(Task& task, Reduce reduce) {
  if (!is_unsigned(reduce)) return;
  task.result.method.is_signed = false;
  task.note("scores are unsigned (reduce " + std::string(enum_name(reduce)) +
            "): they tell how much, not in which direction");
}

}  // namespace ascribo
