// SPDX-License-Identifier: MIT
// With r = 1 / sqrt(mean(x^2) + epsilon) and y = x r gamma, the backward is
// dx = r (g - x r^2 mean(g x)), where g = dy gamma; dgamma is the sum of dy x r over rows.
#include "ascribo/ops/rms_norm.h"

#include <cmath>
#include <utility>
#include <vector>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/rows.h"
#include "ascribo/ops/training/column_sums.h"

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

// Every seed's sum over rows and groups.
template <class T>
void gamma_gradient(const Tensor& dy, const Tensor& x, const Tensor& inverse, GradientSlot slot) {
  const std::int64_t n = slot.tensor.cols(), rows = inverse.numel();
  for (std::int64_t seed = 0; seed < slot.tensor.dim(0); ++seed) {
    column_sums<T>({.rows = rows,
                    .cols = n,
                    .x = dy.data<T>() + seed * rows * n,
                    .times = x.data<T>(),
                    .row_times = inverse.data<T>()},
                   slot.accumulate, slot.tensor.mutable_data<T>() + seed * n);
  }
}

}  // namespace

Tensor rms_factors(const Tensor& gamma, double offset) {
  if (offset == 0) return gamma;
  std::vector<double> values = gamma.to_vector<double>();
  for (double& each : values) each += offset;
  return Tensor::from<double>(values, gamma.shape()).to(gamma.dtype());
}

Variable rms_norm(const Variable& x, const Variable& gamma, double epsilon, double offset) {
  const ProfileScope scope("ops", "rms_norm");
  const Tensor& input = x.value();
  ASCRIBO_ASSERT(gamma.value().shape().size() == 1 && gamma.value().numel() > 0);
  ASCRIBO_ASSERT(input.shape().size() == 2 && input.cols() % gamma.value().numel() == 0);
  ASCRIBO_ASSERT(input.cols() > 0 && gamma.value().dtype() == input.dtype());
  const bool single = input.dtype() == Dtype::kF32;
  const Tensor scale = rms_factors(gamma.value(), offset);
  Tensor y = Tensor::empty(input.shape(), input.dtype());
  Tensor inverse;
  if (any_requires_grad({&x, &gamma})) {
    inverse = Tensor::empty({input.numel() / scale.numel()}, input.dtype());
  }
  (single ? forward<float> : forward<double>)(input, scale, epsilon, y, inverse);
  return record(
      std::move(y), {x, gamma},
      [=, input = input](Backward& backward) {
        const ProfileScope scope("ops", "rms_norm backward");
        if (backward.wanted(0)) {
          GradientSlot slot = backward.slot(0);
          const auto run = single ? gradient<float> : gradient<double>;
          run(backward.output(), input, scale, inverse, backward.rows().sources(), slot);
        }
        if (backward.wanted(1)) {
          const auto run = single ? gamma_gradient<float> : gamma_gradient<double>;
          run(backward.output(), input, inverse, backward.slot(1));
        }
      },
      same_rows(1));
}

const OpDescriptor& op_rms_norm() {
  static const OpDescriptor descriptor{
      .name = "rms_norm",
      .variants = {"5", "3 groups of 5", "37", "768", "12 groups of 64", "5, offset"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t groups = std::vector<std::int64_t>{1, 3, 1, 1, 12, 1}.at(variant);
        const std::int64_t width = std::vector<std::int64_t>{5, 5, 37, 768, 64, 5}.at(variant);
        const double offset = variant == 5 ? 1 : 0;
        const Tensor gamma = sample_constant(2, {width}, dtype);
        Sample sample;
        sample.inputs = {sample_rows(units, groups * width, 1, dtype)};
        sample.output_sizes = sample.inputs[0].sizes;
        sample.parameters = {gamma};
        sample.apply = [=](const std::vector<Variable>& x) {
          return rms_norm(x[0], x.size() > 1 ? x[1] : Variable(gamma), 1e-5, offset);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
