// SPDX-License-Identifier: MIT
// Layer normalisation: with n = (x - mean) / sqrt(var + epsilon) and y = n gamma + beta, the
// backward is dx = (g - mean(g) - n mean(g n)) / sqrt(var + epsilon), where g = dy gamma; dgamma is
// the sum of dy n over rows, dbeta that of dy.
#include "ascribo/ops/layer_norm.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/rows.h"
#include "ascribo/ops/training/column_sums.h"

namespace ascribo::ops {
namespace {

// What the backward needs, and only when there is one.
struct Saved {
  Tensor normalized;  // [rows, n]
  Tensor inverse;     // [rows]: 1 / sqrt(var + epsilon)
};

void check(const Tensor& x, const Tensor& gamma, const Tensor& beta) {
  ASCRIBO_ASSERT(x.shape().size() == 2 && x.cols() > 0);
  ASCRIBO_ASSERT(gamma.shape() == Shape{x.cols()} && gamma.dtype() == x.dtype());
  ASCRIBO_ASSERT(beta.shape() == Shape{x.cols()} && beta.dtype() == x.dtype());
}

// Plain reference for one row; residual, normalized and inverse may be null.
void normalize_row(const double* x, const double* residual, const double* gamma, const double* beta,
                   double epsilon, std::int64_t n, double* y, double* normalized, double* inverse) {
  const auto value = [=](std::int64_t i) { return residual ? x[i] + residual[i] : x[i]; };
  const auto count = static_cast<double>(n);
  double mean = 0, variance = 0;
  for (std::int64_t i = 0; i < n; ++i) mean += value(i) / count;
  for (std::int64_t i = 0; i < n; ++i) variance += (value(i) - mean) * (value(i) - mean) / count;
  const double scale = 1.0 / std::sqrt(variance + epsilon);
  for (std::int64_t i = 0; i < n; ++i) {
    const double normal = (value(i) - mean) * scale;
    y[i] = normal * gamma[i] + beta[i];
    if (normalized) normalized[i] = normal;
  }
  if (inverse) *inverse = scale;
}

void normalize_row(const float* x, const float* residual, const float* gamma, const float* beta,
                   double epsilon, std::int64_t n, float* y, float* normalized, float* inverse) {
  simd::layer_norm_row(x, residual, gamma, beta, static_cast<float>(epsilon), n, y, normalized,
                       inverse);
}

// Plain reference of the backward for one row.
void gradient_row(const double* dy, const double* normalized, const double* gamma, double inverse,
                  std::int64_t n, double* dx, bool accumulate) {
  const auto count = static_cast<double>(n);
  double mean = 0, projection = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    mean += dy[i] * gamma[i] / count;
    projection += dy[i] * gamma[i] * normalized[i] / count;
  }
  for (std::int64_t i = 0; i < n; ++i) {
    const double gradient = (dy[i] * gamma[i] - mean - normalized[i] * projection) * inverse;
    dx[i] = accumulate ? dx[i] + gradient : gradient;
  }
}

void gradient_row(const float* dy, const float* normalized, const float* gamma, float inverse,
                  std::int64_t n, float* dx, bool accumulate) {
  simd::layer_norm_gradient_row(dy, normalized, gamma, inverse, n, dx, accumulate);
}

template <class T>
void forward(const Tensor& x, const Tensor* residual, const Tensor& gamma, const Tensor& beta,
             double epsilon, Tensor& y, Saved* saved) {
  const std::int64_t n = x.cols();
  const T* input = x.data<T>();
  const T* added = residual ? residual->data<T>() : nullptr;
  const T* weight = gamma.data<T>();
  const T* bias = beta.data<T>();
  T* out = y.mutable_data<T>();
  T* normalized = saved ? saved->normalized.mutable_data<T>() : nullptr;
  T* inverse = saved ? saved->inverse.mutable_data<T>() : nullptr;
  parallel_ranges(x.rows(), 2 * n, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t at = row * n;
      normalize_row(input + at, added ? added + at : nullptr, weight, bias, epsilon, n, out + at,
                    normalized ? normalized + at : nullptr, inverse ? inverse + row : nullptr);
    }
  });
}

template <class T>
void gradient(const Tensor& dy, const Saved& saved, const Tensor& gamma,
              const std::vector<std::int64_t>& sources, GradientSlot& slot) {
  const std::int64_t n = saved.normalized.cols();
  const T* from = dy.data<T>();
  const T* normalized = saved.normalized.data<T>();
  const T* inverse = saved.inverse.data<T>();
  const T* weight = gamma.data<T>();
  T* to = slot.tensor.mutable_data<T>();
  const bool add = slot.accumulate;
  parallel_ranges(dy.rows(), 2 * n, [=, &sources](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t source = sources[static_cast<std::size_t>(row)];
      gradient_row(from + row * n, normalized + source * n, weight, inverse[source], n,
                   to + row * n, add);
    }
  });
}

// Every seed's sums over rows.
template <class T>
void parameter_gradient(const Tensor& dy, const Tensor& times, GradientSlot slot) {
  const std::int64_t cols = dy.cols(), seeds = slot.tensor.dim(0), rows = dy.rows() / seeds;
  for (std::int64_t seed = 0; seed < seeds; ++seed) {
    column_sums<T>({.rows = rows,
                    .cols = cols,
                    .x = dy.data<T>() + seed * rows * cols,
                    .times = times.defined() ? times.data<T>() : nullptr},
                   slot.accumulate, slot.tensor.mutable_data<T>() + seed * cols);
  }
}

// Both summands have the same gradient: computed for one, handed on to the other.
void input_gradient(const Saved& saved, const Tensor& gamma, bool summed, Backward& back) {
  const bool second = summed && back.wanted(1);
  if (!back.wanted(0) && !second) return;
  const std::size_t first = back.wanted(0) ? 0 : 1;
  const bool both = first == 0 && second;
  const Tensor& dy = back.output();
  GradientSlot slot =
      both ? GradientSlot{Tensor::empty(dy.shape(), dy.dtype()), false} : back.slot(first);
  const auto run_back = gamma.dtype() == Dtype::kF32 ? gradient<float> : gradient<double>;
  run_back(dy, saved, gamma, back.rows().sources(), slot);
  if (both) {
    back.pass(0, slot.tensor);
    back.pass(1, slot.tensor);
  }
}

Variable normalize(const Variable& x, const Variable* residual, const Variable& gamma,
                   const Variable& beta, double epsilon) {
  const ProfileScope scope("ops", "layer_norm");
  const Tensor& input = x.value();
  check(input, gamma.value(), beta.value());
  ASCRIBO_ASSERT(residual == nullptr || (residual->value().shape() == input.shape() &&
                                         residual->value().dtype() == input.dtype()));
  Tensor y = Tensor::empty(input.shape(), input.dtype());
  std::vector<Variable> inputs{x};
  if (residual) inputs.push_back(*residual);
  inputs.insert(inputs.end(), {gamma, beta});
  std::shared_ptr<Saved> saved;
  if (std::any_of(inputs.begin(), inputs.end(),
                  [](const Variable& each) { return each.requires_grad(); })) {
    saved = std::make_shared<Saved>(Saved{Tensor::empty(input.shape(), input.dtype()),
                                          Tensor::empty({input.rows()}, input.dtype())});
  }
  const auto run = input.dtype() == Dtype::kF32 ? forward<float> : forward<double>;
  run(input, residual ? &residual->value() : nullptr, gamma.value(), beta.value(), epsilon, y,
      saved.get());
  const bool summed = residual != nullptr;
  return record(
      std::move(y), inputs,
      [saved, gamma = gamma.value(), summed](Backward& back) {
        const ProfileScope scope("ops", "layer_norm backward");
        input_gradient(*saved, gamma, summed, back);
        const auto run_sums =
            gamma.dtype() == Dtype::kF32 ? parameter_gradient<float> : parameter_gradient<double>;
        const std::size_t at = summed ? 2 : 1;
        if (back.wanted(at)) run_sums(back.output(), saved->normalized, back.slot(at));
        if (back.wanted(at + 1)) run_sums(back.output(), Tensor(), back.slot(at + 1));
      },
      same_rows(summed ? 2 : 1));
}

}  // namespace

Variable layer_norm(const Variable& x, const Variable& gamma, const Variable& beta,
                    double epsilon) {
  return normalize(x, nullptr, gamma, beta, epsilon);
}

Variable add_layer_norm(const Variable& x, const Variable& residual, const Variable& gamma,
                        const Variable& beta, double epsilon) {
  return normalize(x, &residual, gamma, beta, epsilon);
}

const OpDescriptor& op_layer_norm() {
  static const OpDescriptor descriptor{
      .name = "layer_norm",
      .variants = {"5", "sum of 37", "1", "768", "sum of 384"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t cols = std::vector<std::int64_t>{5, 37, 1, 768, 384}.at(variant);
        const bool summed = variant == 1 || variant == 4;
        const Tensor gamma = sample_constant(3, {cols}, dtype);
        const Tensor beta = sample_constant(4, {cols}, dtype);
        Sample sample;
        sample.inputs = {sample_rows(units, cols, 1, dtype)};
        if (summed) sample.inputs.push_back(sample_rows(units, cols, 2, dtype));
        sample.output_sizes = sample.inputs[0].sizes;
        sample.parameters = {gamma, beta};
        sample.apply = [=](const std::vector<Variable>& x) {
          const std::size_t at = summed ? 2 : 1;
          const Variable scale = x.size() > at ? x[at] : Variable(gamma);
          const Variable shift = x.size() > at ? x[at + 1] : Variable(beta);
          return summed ? add_layer_norm(x[0], x[1], scale, shift, 1e-5)
                        : layer_norm(x[0], scale, shift, 1e-5);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
