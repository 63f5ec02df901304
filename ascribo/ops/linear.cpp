// SPDX-License-Identifier: MIT
// y = x W^T + b; backward dx = dy W, dW = dy^T x, db = sum(dy).
#include "ascribo/ops/linear.h"

#include <map>
#include <mutex>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/linear/linear_kernel.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/training/weight_gradient.h"

namespace ascribo::ops {
namespace {

const char* profile_name(Precision precision, bool backward) {
  switch (precision) {
    case Precision::kBf16: return backward ? "linear backward, bf16" : "linear, bf16";
    case Precision::kBf16x3: return backward ? "linear backward, bf16x3" : "linear, bf16x3";
    default: return backward ? "linear backward" : "linear";
  }
}

// Plain reference: y `[rows, out]` = x W^T + b.
void product(const double* x, std::int64_t rows, const Tensor& weight, const Tensor& bias,
             double* y) {
  const std::int64_t out = weight.dim(0), in = weight.dim(1);
  const double* w = weight.data<double>();
  parallel_ranges(rows, in * out, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      for (std::int64_t o = 0; o < out; ++o) {
        double sum = bias.defined() ? bias.data<double>()[o] : 0.0;
        for (std::int64_t i = 0; i < in; ++i) sum += x[row * in + i] * w[o * in + i];
        y[row * out + o] = sum;
      }
    }
  });
}

// Plain reference of the backward: dx `[rows, in]` (+)= dy W.
void product_gradient(const double* dy, std::int64_t rows, const Tensor& weight, bool accumulate,
                      double* dx) {
  const std::int64_t out = weight.dim(0), in = weight.dim(1);
  const double* w = weight.data<double>();
  parallel_ranges(rows, in * out, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      double* target = dx + row * in;
      for (std::int64_t i = 0; i < in && !accumulate; ++i) target[i] = 0;
      for (std::int64_t o = 0; o < out; ++o) {
        for (std::int64_t i = 0; i < in; ++i) target[i] += dy[row * out + o] * w[o * in + i];
      }
    }
  });
}

void input_gradient(LinearKernel::State& state, Precision precision, Backward& backward) {
  const Tensor& dy = backward.output();
  const ProductWork work(dy.rows(), state);
  const ProfileScope scope("ops", profile_name(precision, true), work.operations, work.bytes);
  GradientSlot slot = backward.slot(0);
  if (state.compute == Dtype::kF32) {
    LinearKernel::backward(state, precision).product(dy, Tensor(), slot.accumulate, slot.tensor);
  } else {
    product_gradient(dy.data<double>(), dy.rows(), LinearKernel::plain(state), slot.accumulate,
                     slot.tensor.mutable_data<double>());
  }
}

// f(x W^T + b).
Tensor forward(LinearKernel::State& state, const Tensor& x, Precision precision,
               Activation function) {
  ASCRIBO_ASSERT(x.shape().size() == 2 && x.cols() == state.weight.in());
  ASCRIBO_ASSERT(x.dtype() == state.compute);
  const ProductWork work(x.rows(), state);
  const ProfileScope scope("ops", profile_name(precision, false), work.operations, work.bytes);
  Tensor y = Tensor::empty({x.rows(), state.weight.out()}, x.dtype());
  const Tensor& bias = LinearKernel::addend(state);
  if (state.compute == Dtype::kF64) {
    product(x.data<double>(), x.rows(), LinearKernel::plain(state), bias, y.mutable_data<double>());
    activate(function, y.mutable_data<double>(), y.numel());
    return y;
  }
  Finish finish;
  if (function != Activation::kIdentity) {
    finish = [=](float* values, std::int64_t, std::int64_t, std::int64_t count) {
      activate(function, values, count);
    };
  }
  LinearKernel::forward(state, precision).product(x, bias, false, y, finish);
  return y;
}

}  // namespace

bool has_bf16_products() { return has_bf16(); }

Precision available_precision(Precision asked) {
  if (asked == Precision::kAuto) return has_fast_bf16() ? Precision::kBf16x3 : Precision::kFp32;
  return has_bf16() ? asked : Precision::kFp32;
}

Variable linear(const Variable& x, const LinearWeight& weight, Precision precision,
                const LinearParameters& parameters) {
  precision = available_precision(precision);
  const auto state = LinearKernel::state(weight);
  const Tensor& input = x.value();
  Tensor y = forward(*state, input, precision, Activation::kIdentity);
  const auto& [table, bias_table] = parameters;
  // The input is kept for the weight's gradient only.
  const Tensor kept = table.requires_grad() ? input : Tensor();
  return record(
      std::move(y), {x, table, bias_table},
      [state, kept, precision](Backward& backward) {
        if (backward.wanted(0)) input_gradient(*state, precision, backward);
        if (backward.wanted(1)) {
          const ProfileScope scope("ops", "linear backward to weights");
          weight_gradient(state->weight, kept, precision, backward, 1);
        }
        if (backward.wanted(2)) bias_gradient(state->bias, backward, 2);
      },
      same_rows(1));
}

Variable linear_activation(const Variable& x, const LinearWeight& weight, Activation function,
                           Precision precision, const LinearParameters& parameters) {
  if (x.requires_grad() || parameters.table.requires_grad() ||
      parameters.bias_table.requires_grad()) {
    return activation(linear(x, weight, precision, parameters), function);
  }
  const auto state = LinearKernel::state(weight);
  return Variable(forward(*state, x.value(), available_precision(precision), function));
}

const OpDescriptor& op_linear() {
  static const OpDescriptor descriptor{
      .name = "linear",
      .variants = {"5 to 3", "37 to 53, no bias", "32 to 64", "768 to 2", "768 to 768",
                   "384 to 1536"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t in = std::vector<std::int64_t>{5, 37, 32, 768, 768, 384}.at(variant);
        const std::int64_t out = std::vector<std::int64_t>{3, 53, 64, 2, 768, 1536}.at(variant);
        // One weight for all calls of a variant, so that it is packed once.
        static std::mutex mutex;
        static std::map<std::pair<std::size_t, Dtype>, LinearWeight> weights;
        std::lock_guard lock(mutex);
        LinearWeight& weight = weights[{variant, dtype}];
        if (!weight.defined()) {
          const Tensor bias = sample_constant(4, {out}, dtype);
          weight = LinearWeight(sample_constant(3, {out, in}, dtype),
                                variant == 1 ? Tensor() : bias, dtype);
        }
        Sample sample;
        sample.inputs = {sample_rows(units, in, 1, dtype)};
        sample.parameters = {weight.table()};
        if (variant != 1) sample.parameters.push_back(weight.bias_table());
        for (const SampleUnit& unit : units) sample.output_sizes.push_back(unit.length * out);
        sample.apply = [weight](const std::vector<Variable>& x) {
          if (x.size() == 1) return linear(x[0], weight);
          const Variable bias = x.size() > 2 ? x[2] : Variable();
          const bool same = x[1].value().raw() == weight.table().raw() &&
                            bias.value().raw() == weight.bias_table().raw();
          // Where the parameters are others, a weight of their own.
          const LinearWeight used =
              same ? weight : LinearWeight(x[1].value(), bias.value(), x[0].value().dtype());
          return linear(x[0], used, Precision::kFp32, {x[1], bias});
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
