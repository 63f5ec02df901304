// SPDX-License-Identifier: MIT
// With r = 1 / sqrt(mean(x^2) + epsilon) and y = x r gamma, the backward is
// dx = r (g - x r^2 mean(g x)), where g = dy gamma.
#include "ascribo/ops/rms_norm.h"

#include <cmath>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/rows.h"

namespace ascribo::ops {
namespace {

// Plain reference for one stretch; inverse may be null.
void normalize_row(const double* x, const double* gamma, double epsilon, std::int64_t n, double* y,
                   double* inverse) {
  double squares = 0;
  for (std::int64_t i = 0; i < n; ++i) squares += x[i] * x[i];
  const double scale = 1.0 / std::sqrt(squares / static_cast<double>(n) + epsilon);
  for (std::int64_t i = 0; i < n; ++i) y[i] = x[i] * scale * gamma[i];
  if (inverse) *inverse = scale;
}

void normalize_row(const float* x, const float* gamma, double epsilon, std::int64_t n, float* y,
                   float* inverse) {
  simd::rms_norm_row(x, gamma, static_cast<float>(epsilon), n, y, inverse);
}

// Plain reference of the backward for one stretch.
void gradient_row(const double* dy, const double* x, const double* gamma, double inverse,
                  std::int64_t n, double* dx, bool accumulate) {
  double projection = 0;
  for (std::int64_t i = 0; i < n; ++i) projection += dy[i] * gamma[i] * x[i];
  projection *= inverse * inverse / static_cast<double>(n);
  for (std::int64_t i = 0; i < n; ++i) {
    const double gradient = (dy[i] * gamma[i] - x[i] * projection) * inverse;
    dx[i] = accumulate ? dx[i] + gradient : gradient;
  }
}

void gradient_row(const float* dy, const float* x, const float* gamma, float inverse,
                  std::int64_t n, float* dx, bool accumulate) {
  simd::rms_norm_gradient_row(dy, x, gamma, inverse, n, dx, accumulate);
}

template <class T>
void forward(const Tensor& x, const Tensor& gamma, double epsilon, Tensor& y, Tensor& inverse) {
  const std::int64_t n = gamma.numel();
  const T* input = x.data<T>();
  const T* weight = gamma.data<T>();
  T* out = y.mutable_data<T>();
  T* scales = inverse.defined() ? inverse.mutable_data<T>() : nullptr;
  parallel_ranges(x.numel() / n, 2 * n, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      normalize_row(input + row * n, weight, epsilon, n, out + row * n,
                    scales ? scales + row : nullptr);
    }
  });
}

template <class T>
void gradient(const Tensor& dy, const Tensor& x, const Tensor& gamma, const Tensor& inverse,
              const std::vector<std::int64_t>& sources, GradientSlot& slot) {
  const std::int64_t n = gamma.numel(), groups = x.cols() / n;
  const T* from = dy.data<T>();
  const T* input = x.data<T>();
  const T* weight = gamma.data<T>();
  const T* scales = inverse.data<T>();
  T* to = slot.tensor.mutable_data<T>();
  const bool add = slot.accumulate;
  parallel_ranges(dy.numel() / n, 2 * n, [=, &sources](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      // A row of the values has `groups` here.
      const std::int64_t source =
          sources[static_cast<std::size_t>(row / groups)] * groups + row % groups;
      gradient_row(from + row * n, input + source * n, weight, scales[source], n, to + row * n,
                   add);
    }
  });
}

}  // namespace

Variable rms_norm(const Variable& x, const Tensor& gamma, double epsilon) {
  const Tensor& input = x.value();
  ASCRIBO_ASSERT(gamma.shape().size() == 1 && gamma.numel() > 0);
  ASCRIBO_ASSERT(input.shape().size() == 2 && input.cols() % gamma.numel() == 0);
  ASCRIBO_ASSERT(input.cols() > 0 && gamma.dtype() == input.dtype());
  const bool single = input.dtype() == Dtype::kF32;
  Tensor y = Tensor::empty(input.shape(), input.dtype());
  Tensor inverse;
  if (x.requires_grad()) inverse = Tensor::empty({input.numel() / gamma.numel()}, input.dtype());
  (single ? forward<float> : forward<double>)(input, gamma, epsilon, y, inverse);
  return record(
      std::move(y), {x},
      [=, input = input](Backward& backward) {
        GradientSlot slot = backward.slot(0);
        const auto run = single ? gradient<float> : gradient<double>;
        run(backward.output(), input, gamma, inverse, backward.rows().sources(), slot);
      },
      same_rows());
}

const OpDescriptor& op_rms_norm() {
  static const OpDescriptor descriptor{
      .name = "rms_norm",
      .variants = {"5", "3 groups of 5", "37", "768", "12 groups of 64"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t groups = std::vector<std::int64_t>{1, 3, 1, 1, 12}.at(variant);
        const std::int64_t width = std::vector<std::int64_t>{5, 5, 37, 768, 64}.at(variant);
        const Tensor gamma = sample_constant(2, {width}, dtype);
        Sample sample;
        sample.inputs = {sample_rows(units, groups * width, 1, dtype)};
        sample.output_sizes = sample.inputs[0].sizes;
        sample.apply = [=](const std::vector<Variable>& x) { return rms_norm(x[0], gamma, 1e-5); };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
