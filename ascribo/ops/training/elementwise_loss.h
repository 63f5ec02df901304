// SPDX-License-Identifier: MIT
// Losses that compare every element with one of its own.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "ascribo/base/assert.h"
#include "ascribo/graph/variable.h"
#include "ascribo/ops/descriptor.h"

namespace ascribo::ops {

/// Loss::value(x, t) element by element, for T float or double; its backward is dx =
/// dy Loss::slope(x, t). Targets have the shape and element type of x.
template <class Loss>
Variable elementwise_loss(const Variable& x, const Tensor& targets) {
  const Tensor& input = x.value();
  ASCRIBO_ASSERT(input.shape() == targets.shape() && input.dtype() == targets.dtype());
  const auto with_type = [single = input.dtype() == Dtype::kF32](const auto& run) {
    single ? run(float{}) : run(double{});
  };
  Tensor y = Tensor::empty(input.shape(), input.dtype());
  with_type([&]<class T>(T) {
    T* to = y.mutable_data<T>();
    for (std::int64_t i = 0; i < y.numel(); ++i) {
      to[i] = Loss::value(input.data<T>()[i], targets.data<T>()[i]);
    }
  });
  return record(std::move(y), {x}, [with_type, targets, input = input](Backward& backward) {
    with_type([&]<class T>(T) {
      GradientSlot slot = backward.slot(0);
      T* to = slot.tensor.mutable_data<T>();
      const std::int64_t count = input.numel();
      for (std::int64_t i = 0; i < backward.seeds() * count; ++i) {
        const T slope = backward.output().data<T>()[i] *
                        Loss::slope(input.data<T>()[i % count], targets.data<T>()[i % count]);
        to[i] = slot.accumulate ? to[i] + slope : slope;
      }
    });
  });
}

/// Inputs and targets for such a loss.
inline Sample sample_of_loss(Variable (*loss)(const Variable&, const Tensor&),
                             std::span<const SampleUnit> units, Dtype dtype) {
  const Tensor targets = sample_rows(units, 3, 2, dtype).value;
  Sample sample;
  sample.inputs = {sample_rows(units, 3, 1, dtype, 3.0)};
  sample.output_sizes = sample.inputs[0].sizes;
  sample.apply = [=](const std::vector<Variable>& x) { return loss(x[0], targets); };
  return sample;
}

}  // namespace ascribo::ops
