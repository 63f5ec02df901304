// SPDX-License-Identifier: MIT
// y = (x - t)^2; the backward is dx = 2 dy (x - t).
#include "ascribo/ops/training/squared_error.h"

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"

namespace ascribo::ops {
namespace {

template <class T>
void forward(const Tensor& x, const Tensor& targets, Tensor& y) {
  T* to = y.mutable_data<T>();
  for (std::int64_t i = 0; i < y.numel(); ++i) {
    const T value = x.data<T>()[i], target = targets.data<T>()[i];
    to[i] = (value - target) * (value - target);
  }
}

template <class T>
void gradient(const Tensor& x, const Tensor& targets, Backward& backward) {
  GradientSlot slot = backward.slot(0);
  T* to = slot.tensor.mutable_data<T>();
  const std::int64_t count = x.numel();
  for (std::int64_t i = 0; i < backward.seeds() * count; ++i) {
    const T value = x.data<T>()[i % count], target = targets.data<T>()[i % count];
    const T slope = backward.output().data<T>()[i] * (T{2} * (value - target));
    to[i] = slot.accumulate ? to[i] + slope : slope;
  }
}

}  // namespace

Variable squared_error(const Variable& x, const Tensor& targets) {
  const Tensor& input = x.value();
  ASCRIBO_ASSERT(input.shape() == targets.shape() && input.dtype() == targets.dtype());
  const bool single = input.dtype() == Dtype::kF32;
  Tensor y = Tensor::empty(input.shape(), input.dtype());
  (single ? forward<float> : forward<double>)(input, targets, y);
  return record(std::move(y), {x}, [=, input = input](Backward& backward) {
    (single ? gradient<float> : gradient<double>)(input, targets, backward);
  });
}

const OpDescriptor& op_squared_error() {
  static const OpDescriptor descriptor{
      .name = "squared_error",
      .variants = {"3"},
      .sample = [](std::size_t, std::span<const SampleUnit> units, Dtype dtype) {
        const Tensor targets = sample_rows(units, 3, 2, dtype).value;
        Sample sample;
        sample.inputs = {sample_rows(units, 3, 1, dtype, 3.0)};
        sample.output_sizes = sample.inputs[0].sizes;
        sample.apply = [=](const std::vector<Variable>& x) { return squared_error(x[0], targets); };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
