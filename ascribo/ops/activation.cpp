// SPDX-License-Identifier: MIT
// Activations: f and f' side by side, plain and checked by differences; the fast path for float
// covers the usual ones (simd/activation.h).
#include "ascribo/ops/activation.h"

#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/activation.h"
#include "ascribo/ops/simd/rows.h"

namespace ascribo {
namespace {

// The first name of each is the one its enumerator's comment gives.
constexpr std::array kNames = std::to_array<std::pair<std::string_view, Activation>>({
    {"linear", Activation::kIdentity},
    {"relu", Activation::kRelu},
    {"relu2", Activation::kRelu2},
    {"relu6", Activation::kRelu6},
    {"leaky_relu", Activation::kLeakyRelu},
    {"elu", Activation::kElu},
    {"gelu", Activation::kGelu},
    {"gelu_python", Activation::kGelu},
    {"gelu_new", Activation::kGeluTanh},
    {"gelu_fast", Activation::kGeluTanh},
    {"gelu_accurate", Activation::kGeluTanh},
    {"gelu_pytorch_tanh", Activation::kGeluTanh},
    {"gelu_python_tanh", Activation::kGeluTanh},
    {"gelu_10", Activation::kGelu10},
    {"quick_gelu", Activation::kQuickGelu},
    {"silu", Activation::kSilu},
    {"swish", Activation::kSilu},
    {"mish", Activation::kMish},
    {"tanh", Activation::kTanh},
    {"sigmoid", Activation::kSigmoid},
    {"laplace", Activation::kLaplace},
    {"hardswish", Activation::kHardSwish},
    {"sqrtsoftplus", Activation::kSqrtSoftplus},
});

}  // namespace

std::optional<Activation> find_activation(std::string_view name) {
  for (const auto& [known, function] : kNames) {
    if (known == name) return function;
  }
  return std::nullopt;
}

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const auto& [name, function] : kNames) names.emplace_back(name);
  return names;
}

namespace ops {
namespace {

template <class T>
struct Point {
  T value;       // f(x)
  T derivative;  // f'(x)
};

// Every comparison is written so that NaN ends up in the branch that keeps it.
template <class T>
Point<T> sigmoid(T x) {
  const T s = 1 / (1 + std::exp(-x));
  return {s, s * (1 - s)};
}

template <class T>
Point<T> gelu(T x) {
  const T phi = std::erfc(-x / std::numbers::sqrt2_v<T>) / 2;
  const T density =
      std::exp(-x * x / 2) * (std::numbers::inv_sqrtpi_v<T> / std::numbers::sqrt2_v<T>);
  return {x * phi, phi + x * density};
}

template <class T>
Point<T> gelu_tanh(T x) {
  const T root = std::numbers::sqrt2_v<T> * std::numbers::inv_sqrtpi_v<T>;
  const T cubic = static_cast<T>(0.044715);
  const T t = std::tanh(root * (x + cubic * x * x * x));
  const T slope = root * (1 + 3 * cubic * x * x);
  return {x * (1 + t) / 2, (1 + t) / 2 + x * (1 - t * t) * slope / 2};
}

template <class T>
Point<T> mish(T x) {
  const T softplus = x > 20 ? x : std::log1p(std::exp(x));
  const T t = std::tanh(softplus);
  return {x * t, t + x * (1 - t * t) * sigmoid(x).value};
}

template <class T>
Point<T> laplace(T x) {
  const T root = std::numbers::sqrt2_v<T> / std::numbers::inv_sqrtpi_v<T>;  // sqrt(2 pi)
  const T z = (x - 1 / std::numbers::sqrt2_v<T>)*std::numbers::sqrt2_v<T> * root;
  return {std::erfc(-z / std::numbers::sqrt2_v<T>) / 2,
          std::exp(-z * z / 2) * std::numbers::sqrt2_v<T>};
}

template <class T>
Point<T> sqrt_softplus(T x) {
  const T root = std::sqrt(x > 20 ? x : std::log1p(std::exp(x)));
  return {root, sigmoid(x).value / (2 * root)};
}

template <class T>
Point<T> clipped(Point<T> point, T low, T high) {
  if (point.value < low) return {low, 0};
  if (point.value > high) return {high, 0};
  return point;
}

template <class T>
Point<T> hard_swish(T x) {
  if (x <= -3) return {0, 0};
  if (x >= 3) return {x, 1};
  return {x * (x + 3) / 6, (2 * x + 3) / 6};
}

template <class T>
Point<T> quick_gelu(T x) {
  const T slope = static_cast<T>(1.702);
  const Point<T> s = sigmoid(slope * x);
  return {x * s.value, s.value + x * slope * s.derivative};
}

template <class T>
Point<T> evaluate(Activation function, T x) {
  const T leak = static_cast<T>(0.01);
  switch (function) {
    case Activation::kIdentity: return {x, 1};
    case Activation::kRelu: return x <= 0 ? Point<T>{0, 0} : Point<T>{x, 1};
    case Activation::kRelu2: return x <= 0 ? Point<T>{0, 0} : Point<T>{x * x, 2 * x};
    case Activation::kRelu6:
      return x <= 0 ? Point<T>{0, 0} : x >= 6 ? Point<T>{6, 0} : Point<T>{x, 1};
    case Activation::kLeakyRelu: return x > 0 ? Point<T>{x, 1} : Point<T>{leak * x, leak};
    case Activation::kElu: return x > 0 ? Point<T>{x, 1} : Point<T>{std::expm1(x), std::exp(x)};
    case Activation::kGelu: return gelu(x);
    case Activation::kGeluTanh: return gelu_tanh(x);
    case Activation::kGelu10: return clipped<T>(gelu(x), -10, 10);
    case Activation::kQuickGelu: return quick_gelu(x);
    case Activation::kSilu: {
      const Point<T> s = sigmoid(x);
      return {x * s.value, s.value + x * s.derivative};
    }
    case Activation::kMish: return mish(x);
    case Activation::kTanh: {
      const T t = std::tanh(x);
      return {t, 1 - t * t};
    }
    case Activation::kSigmoid: return sigmoid(x);
    case Activation::kLaplace: return laplace(x);
    case Activation::kHardSwish: return hard_swish(x);
    case Activation::kSqrtSoftplus: return sqrt_softplus(x);
  }
  return {x, 1};
}

// Plain reference: values, or derivatives when asked for.
template <class T>
void apply(Activation function, const T* x, std::int64_t count, bool derivative, T* out) {
  for (std::int64_t i = 0; i < count; ++i) {
    const Point<T> point = evaluate(function, x[i]);
    out[i] = derivative ? point.derivative : point.value;
  }
}

void apply_best(Activation function, const double* x, std::int64_t count, bool derivative,
                double* out) {
  apply(function, x, count, derivative, out);
}

void apply_best(Activation function, const float* x, std::int64_t count, bool derivative,
                float* out) {
  if (!simd::activation(function, x, count, derivative, out)) {
    apply(function, x, count, derivative, out);
  }
}

template <class T>
void forward(Activation function, const Tensor& x, Tensor& y) {
  const T* from = x.data<T>();
  T* to = y.mutable_data<T>();
  parallel_ranges(x.numel(), 8, [=](std::int64_t begin, std::int64_t end) {
    apply_best(function, from + begin, end - begin, false, to + begin);
  });
}

void multiply(const double* a, const double* b, std::int64_t count, bool accumulate, double* y) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = accumulate ? y[i] + a[i] * b[i] : a[i] * b[i];
}

void multiply(const float* a, const float* b, std::int64_t count, bool accumulate, float* y) {
  simd::multiply(a, b, count, accumulate, y);
}

// The derivative is computed once per block and serves all seeds.
template <class T>
void gradient(Activation function, const Tensor& x, const Tensor& dy, const GradientRows& rows,
              GradientSlot& slot) {
  constexpr std::int64_t kBlock = 1024;
  const std::int64_t count = x.numel();
  const std::int64_t width = std::max<std::int64_t>(1, count / std::max<std::int64_t>(1, x.dim(0)));
  const T* input = x.data<T>();
  const T* from = dy.data<T>();
  T* to = slot.tensor.mutable_data<T>();
  const bool add = slot.accumulate;
  parallel_ranges(
      (count + kBlock - 1) / kBlock, 8 * kBlock, [=, &rows](std::int64_t first, std::int64_t last) {
        alignas(64) T derivative[kBlock];
        for (std::int64_t at = first * kBlock; at < std::min(count, last * kBlock); at += kBlock) {
          const std::int64_t size = std::min(kBlock, count - at);
          apply_best(function, input + at, size, true, derivative);
          const std::int64_t last_row = (at + size + width - 1) / width;
          for (std::int64_t seed = 0; seed < rows.seeds(); ++seed) {
            for (const auto& range : rows.meeting(seed, at / width, last_row)) {
              const std::int64_t begin = std::max(at, range.row * width);
              const std::int64_t end = std::min(at + size, (range.row + range.count) * width);
              const std::int64_t place = begin + (range.at - range.row) * width;
              multiply(from + place, derivative + (begin - at), end - begin, add, to + place);
            }
          }
        }
      });
}

}  // namespace

void activate(Activation function, float* x, std::int64_t count) {
  if (function != Activation::kIdentity) apply_best(function, x, count, false, x);
}

void activate(Activation function, float* x, std::int64_t count, float* slope) {
  if (simd::activation_with_slope(function, x, count, slope)) return;
  apply(function, x, count, true, slope);
  apply(function, x, count, false, x);
}

void activate(Activation function, double* x, std::int64_t count) {
  if (function != Activation::kIdentity) apply_best(function, x, count, false, x);
}

Variable activation(const Variable& x, Activation function) {
  const ProfileScope scope("ops", "activation");
  if (function == Activation::kIdentity) return x;
  const Tensor& input = x.value();
  Tensor y = Tensor::empty(input.shape(), input.dtype());
  const bool single = input.dtype() == Dtype::kF32;
  (single ? forward<float> : forward<double>)(function, input, y);
  return record(
      std::move(y), {x},
      [function, input](Backward& backward) {
        const ProfileScope scope("ops", "activation backward");
        GradientSlot slot = backward.slot(0);
        const bool in_single = input.dtype() == Dtype::kF32;
        (in_single ? gradient<float> : gradient<double>)(function, input, backward.output(),
                                                         backward.rows(), slot);
      },
      same_rows());
}

const OpDescriptor& op_activation() {
  static const OpDescriptor descriptor{
      .name = "activation",
      .variants = activation_names(),
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const Activation function = kNames.at(variant).second;
        Sample sample;
        sample.inputs = {sample_rows(units, 37, 1, dtype, 7.0)};
        sample.output_sizes = sample.inputs[0].sizes;
        sample.apply = [=](const std::vector<Variable>& x) { return activation(x[0], function); };
        return sample;
      }};
  return descriptor;
}

}  // namespace ops
}  // namespace ascribo
