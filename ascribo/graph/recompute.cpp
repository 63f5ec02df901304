// SPDX-License-Identifier: MIT
// One node in place of many: its backward records them anew on a tape of its own.
#include "ascribo/graph/recompute.h"

#include <cstring>
#include <utility>

#include "ascribo/base/profile.h"

namespace ascribo {
Variable recompute(const Variable& x, Run& run,
                   std::function<Variable(const Variable&, Run&)> function) {
  std::vector<Tensor> weights;
  for (const Variable& each : run.parameters_) weights.push_back(each.value());
  const auto start = [weights = std::move(weights), precision = run.precision_,
                      seed = run.dropout_seed_, dropouts = run.dropouts_](Run& part) {
    part.watch_parameters(weights);
    part.precision_ = precision;
    part.dropout_seed_ = seed;
    part.dropouts_ = dropouts;
  };
  Tensor y;
  std::vector<std::size_t> used;
  {
    Run first;
    start(first);
    y = function(first.tape_.watch(x.value()), first).value();
    used.assign(first.asked_.begin(), first.asked_.end());
    run.dropouts_ = first.dropouts_;
  }
  std::vector<Variable> inputs{x};
  for (const std::size_t n : used) {
    inputs.push_back(run.parameters_[n]);
    run.asked_.insert(n);
  }
  return record(std::move(y), inputs, [=, x = x.value()](Backward& backward) {
    const ProfileScope scope("graph", "recompute");
    Run again;
    start(again);
    const Variable input = again.tape_.watch(x);
    const Variable output = function(input, again);
    std::vector<Variable> wanted;
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i <= used.size(); ++i) {
      if (!backward.wanted(i)) continue;
      wanted.push_back(i == 0 ? input : again.parameters_[used[i - 1]]);
      numbers.push_back(i);
    }
    std::vector<GradientSlot> slots(numbers.size());
    std::vector<Tensor> begun(numbers.size());
    for (std::size_t n = 0; n < numbers.size(); ++n) {
      slots[n] = backward.slot(numbers[n]);
      if (slots[n].accumulate) begun[n] = slots[n].tensor;
    }
    // What others have begun goes on to the bits of one walk over everything.
    const std::vector<Tensor> gradients =
        again.tape_.gradients(output, backward.output(), wanted, true, begun);
    for (std::size_t n = 0; n < numbers.size(); ++n) {
      std::memcpy(slots[n].tensor.mutable_raw(), gradients[n].raw(), gradients[n].bytes());
    }
  });
}

}  // namespace ascribo
