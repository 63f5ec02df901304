// SPDX-License-Identifier: MIT
// y = max(x, 0) - x t + log(1 + exp(-|x|)); the backward is dx = dy (sigmoid(x) - t).
#include "ascribo/ops/training/binary_cross_entropy.h"

#include <algorithm>
#include <cmath>

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"

namespace ascribo::ops {
namespace {

template <class T>
void forward(const Tensor& x, const Tensor& targets, Tensor& y) {
  T* to = y.mutable_data<T>();
  for (std::int64_t i = 0; i < y.numel(); ++i) {
    const T value = x.data<T>()[i], target = targets.data<T>()[i];
    to[i] = std::max(value, T{0}) - value * target + std::log1p(std::exp(-std::abs(value)));
  }
}

template <class T>
void gradient(const Tensor& x, const Tensor& targets, Backward& backward) {
  GradientSlot slot = backward.slot(0);
  T* to = slot.tensor.mutable_data<T>();
  const std::int64_t count = x.numel();
  for (std::int64_t i = 0; i < backward.seeds() * count; ++i) {
    const T value = x.data<T>()[i % count], target = targets.data<T>()[i % count];
    const T slope = backward.output().data<T>()[i] * (T{1} / (T{1} + std::exp(-value)) - target);
    to[i] = slot.accumulate ? to[i] + slope : slope;
  }
}

}  // namespace

Variable binary_cross_entropy(const Variable& logits, const Tensor& targets) {
  const Tensor& input = logits.value();
  ASCRIBO_ASSERT(input.shape() == targets.shape() && input.dtype() == targets.dtype());
  const bool single = input.dtype() == Dtype::kF32;
  Tensor y = Tensor::empty(input.shape(), input.dtype());
  (single ? forward<float> : forward<double>)(input, targets, y);
  return record(std::move(y), {logits}, [=, input = input](Backward& backward) {
    (single ? gradient<float> : gradient<double>)(input, targets, backward);
  });
}

const OpDescriptor& op_binary_cross_entropy() {
  static const OpDescriptor descriptor{
      .name = "binary_cross_entropy",
      .variants = {"3"},
      .sample = [](std::size_t, std::span<const SampleUnit> units, Dtype dtype) {
        const Tensor targets = sample_rows(units, 3, 2, dtype).value;
        Sample sample;
        sample.inputs = {sample_rows(units, 3, 1, dtype, 3.0)};
        sample.output_sizes = sample.inputs[0].sizes;
        sample.apply = [=](const std::vector<Variable>& x) {
          return binary_cross_entropy(x[0], targets);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
