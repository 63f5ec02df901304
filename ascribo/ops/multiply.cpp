// SPDX-License-Identifier: MIT
// y = a b. Backward: da = dy b and db = dy a.
#include "ascribo/ops/multiply.h"

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
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

template <class T>
void forward(const Tensor& a, const Tensor& b, Tensor& y) {
  const T* left = a.data<T>();
  const T* right = b.data<T>();
  T* out = y.mutable_data<T>();
  parallel_ranges(y.numel(), 1, [=](std::int64_t begin, std::int64_t end) {
    product(left + begin, right + begin, end - begin, false, out + begin);
  });
}

template <class T>
void gradient(const Tensor& dy, const Tensor& factors, const std::vector<std::int64_t>& sources,
              GradientSlot& slot) {
  const std::int64_t cols = factors.cols();
  const T* from = dy.data<T>();
  const T* times = factors.data<T>();
  T* out = slot.tensor.mutable_data<T>();
  const bool add = slot.accumulate;
  const auto rows = static_cast<std::int64_t>(sources.size());
  parallel_ranges(rows, cols, [=, &sources](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const T* own = times + sources[static_cast<std::size_t>(row)] * cols;
      product(from + row * cols, own, cols, add, out + row * cols);
    }
  });
}

}  // namespace

Variable multiply(const Variable& a, const Variable& b) {
  const ProfileScope scope("ops", "multiply");
  const Tensor& left = a.value();
  const Tensor& right = b.value();
  ASCRIBO_ASSERT(left.shape() == right.shape() && left.dtype() == right.dtype());
  ASCRIBO_ASSERT(left.shape().size() == 2);
  Tensor y = Tensor::empty(left.shape(), left.dtype());
  const bool single = left.dtype() == Dtype::kF32;
  (single ? forward<float> : forward<double>)(left, right, y);
  return record(
      std::move(y), {a, b},
      [single, left, right](Backward& backward) {
        const ProfileScope scope("ops", "multiply backward");
        for (const std::size_t input : {0u, 1u}) {
          if (!backward.wanted(input)) continue;
          GradientSlot slot = backward.slot(input);
          (single ? gradient<float> : gradient<double>)(backward.output(),
                                                        input == 0 ? right : left,
                                                        backward.rows().sources(), slot);
        }
      },
      same_rows());
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
