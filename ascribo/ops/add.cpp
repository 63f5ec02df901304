// SPDX-License-Identifier: MIT
// Element-wise sum; its backward hands the gradient on as it is.
#include "ascribo/ops/add.h"

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/rows.h"

namespace ascribo::ops {
namespace {

// Plain reference.
void sum(const double* a, const double* b, std::int64_t count, double* y) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = a[i] + b[i];
}

void sum(const float* a, const float* b, std::int64_t count, float* y) {
  simd::add(a, b, count, y);
}

template <class T>
void sum(const Tensor& a, const Tensor& b, Tensor& y) {
  const T* left = a.data<T>();
  const T* right = b.data<T>();
  T* out = y.mutable_data<T>();
  parallel_ranges(y.numel(), 1, [=](std::int64_t begin, std::int64_t end) {
    sum(left + begin, right + begin, end - begin, out + begin);
  });
}

}  // namespace

Variable add(const Variable& a, const Variable& b) {
  const ProfileScope scope("ops", "add");
  const Tensor& left = a.value();
  const Tensor& right = b.value();
  ASCRIBO_ASSERT(left.shape() == right.shape() && left.dtype() == right.dtype());
  Tensor y = Tensor::empty(left.shape(), left.dtype());
  if (y.dtype() == Dtype::kF32) {
    sum<float>(left, right, y);
  } else {
    sum<double>(left, right, y);
  }
  return record(
      std::move(y), {a, b},
      [](Backward& backward) {
        const ProfileScope scope("ops", "add backward");
        for (std::size_t input : {0u, 1u}) {
          if (backward.wanted(input)) backward.pass(input, backward.output());
        }
      },
      same_rows());
}

const OpDescriptor& op_add() {
  static const OpDescriptor descriptor{
      .name = "add",
      .variants = {"7", "768"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t cols = variant == 0 ? 7 : 768;
        Sample sample;
        sample.inputs = {sample_rows(units, cols, 1, dtype), sample_rows(units, cols, 2, dtype)};
        sample.output_sizes = sample.inputs[0].sizes;
        sample.apply = [](const std::vector<Variable>& x) { return add(x[0], x[1]); };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
