// SPDX-License-Identifier: MIT
// y = a b. Backward: da = dy b and db = dy a.
#include "ascribo/ops/multiply.h"

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/rows.h"

namespace ascribo::ops {
namespace {

// Plain reference.
void product(const double* a, const double* b, std::int64_t count, bool accumulate, double* y) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = accumulate ? y[i] + a[i] * b[i] : a[i] * b[i];
}

void product(const float* a, const float* b, std::int64_t count, bool accumulate, float* y) {
  simd::multiply(a, b, count, accumulate, y);
}

// a and y are `groups` times as long as b, which repeats for every seed.
template <class T>
void product(const Tensor& a, const Tensor& b, std::int64_t groups, bool accumulate, Tensor& y) {
  const std::int64_t count = b.numel();
  const T* left = a.data<T>();
  const T* right = b.data<T>();
  T* out = y.mutable_data<T>();
  parallel_ranges(count, groups, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t group = 0; group < groups; ++group) {
      const std::int64_t at = group * count + begin;
      product(left + at, right + begin, end - begin, accumulate, out + at);
    }
  });
}

}  // namespace

Variable multiply(const Variable& a, const Variable& b) {
  const Tensor& left = a.value();
  const Tensor& right = b.value();
  ASCRIBO_ASSERT(left.shape() == right.shape() && left.dtype() == right.dtype());
  Tensor y = Tensor::empty(left.shape(), left.dtype());
  const auto run = left.dtype() == Dtype::kF32 ? product<float> : product<double>;
  run(left, right, 1, false, y);
  return record(std::move(y), {a, b}, [run, left, right](Backward& backward) {
    for (const std::size_t input : {0u, 1u}) {
      if (!backward.wanted(input)) continue;
      GradientSlot slot = backward.slot(input);
      run(backward.output(), input == 0 ? right : left, backward.seeds(), slot.accumulate,
          slot.tensor);
    }
  });
}

const OpDescriptor& op_multiply() {
  static const OpDescriptor descriptor{
      .name = "multiply",
      .variants = {"7", "768"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t cols = variant == 0 ? 7 : 768;
        Sample sample;
        sample.inputs = {sample_rows(units, cols, 1, dtype), sample_rows(units, cols, 2, dtype)};
        sample.output_sizes = sample.inputs[0].sizes;
        sample.apply = [](const std::vector<Variable>& x) { return multiply(x[0], x[1]); };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
