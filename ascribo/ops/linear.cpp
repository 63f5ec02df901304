// SPDX-License-Identifier: MIT
// y = x W^T + b; backward dx = dy W, dW = dy^T x, db = sum(dy). Weights are packed when a product
// first needs them.
#include "ascribo/ops/linear.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/decompose/linear_parts.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/onednn/weight_matrix.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/product.h"
#include "ascribo/ops/training/weight_gradient.h"
#include "ascribo/tensor/convert.h"

namespace ascribo {

namespace ops {
namespace {

const char* profile_name(Precision precision, bool backward) {
  switch (precision) {
    case Precision::kBf16: return backward ? "linear backward, bf16" : "linear, bf16";
    case Precision::kBf16x3: return backward ? "linear backward, bf16x3" : "linear, bf16x3";
    default: return backward ? "linear backward" : "linear";
  }
}

}  // namespace
}  // namespace ops

namespace {

// Made when it is first needed.
struct LazyMatrix {
  std::once_flag once;
  std::atomic<bool> is_made = false;
  std::unique_ptr<ops::WeightMatrix> matrix;
};

// What products need, made of the tables when first asked for.
struct MadeOfTables {
  std::once_flag plain_once, bias_once;
  Tensor plain;   // kF64: the converted weight
  Tensor addend;  // bias in `compute`, zeros up to a multiple of 16; undefined without bias
  std::array<LazyMatrix, 3> forward, backward;  // by Precision
};

StoredWeight whole_bias(const Tensor& bias) {
  return bias.defined() ? StoredWeight::whole(bias.reshape({bias.numel(), 1})) : StoredWeight();
}

}  // namespace

struct LinearWeight::State {
  StoredWeight weight;
  StoredWeight bias;  // its table may be undefined
  Dtype compute = Dtype::kF32;
  std::unique_ptr<MadeOfTables> made = std::make_unique<MadeOfTables>();
};

LinearWeight::LinearWeight(const Tensor& weight, const Tensor& bias, Dtype compute)
    : LinearWeight(StoredWeight::whole(weight), bias, compute) {}

LinearWeight::LinearWeight(StoredWeight weight, const Tensor& bias, Dtype compute)
    : LinearWeight(std::move(weight), whole_bias(bias), compute) {}

LinearWeight::LinearWeight(StoredWeight weight, StoredWeight bias, Dtype compute)
    : state_(std::make_shared<State>()) {
  ASCRIBO_ASSERT(weight.table.shape().size() == 2);
  ASCRIBO_ASSERT(!bias.table.defined() || bias.out() == weight.out());
  ASCRIBO_ASSERT(compute == Dtype::kF32 || compute == Dtype::kF64);
  state_->weight = std::move(weight);
  state_->bias = std::move(bias);
  state_->compute = compute;
}

std::int64_t LinearWeight::in() const { return state_->weight.in(); }
std::int64_t LinearWeight::out() const { return state_->weight.out(); }
const Tensor& LinearWeight::table() const { return state_->weight.table; }
const Tensor& LinearWeight::bias_table() const { return state_->bias.table; }
void LinearWeight::refresh() { state_->made = std::make_unique<MadeOfTables>(); }

// Makes what products need, each part once even when several threads ask for it first.
struct LinearKernel {
  using State = LinearWeight::State;

  static std::shared_ptr<State> state(const LinearWeight& weight) { return weight.state_; }

  static const Tensor& addend(State& state) {
    MadeOfTables& made = *state.made;
    std::call_once(made.bias_once, [&] {
      if (!state.bias.table.defined()) return;
      const Tensor bias = state.bias.plain();
      Tensor padded = Tensor::zeros({ops::simd::padded(bias.numel())}, state.compute);
      convert(bias.raw(), bias.dtype(), padded.mutable_raw(), state.compute, bias.numel());
      made.addend = std::move(padded);
    });
    return made.addend;
  }

  static const Tensor& plain(State& state) {
    MadeOfTables& made = *state.made;
    std::call_once(made.plain_once, [&] { made.plain = state.weight.to(state.compute); });
    return made.plain;
  }

  static const ops::WeightMatrix& forward(State& state, Precision precision) {
    return made(state, state.made->forward[index(precision)], true, precision,
                state.weight.plain());
  }

  static const ops::WeightMatrix& backward(State& state, Precision precision) {
    return made(state, state.made->backward[index(precision)], false, precision,
                state.weight.plain());
  }

  // Both, from one conversion of the weight.
  static void make_both(State& state, Precision precision) {
    LazyMatrix& forward = state.made->forward[index(precision)];
    LazyMatrix& backward = state.made->backward[index(precision)];
    if (forward.is_made && backward.is_made) return;
    const Tensor plain = state.weight.plain().to(Dtype::kF32);
    made(state, forward, true, precision, plain);
    made(state, backward, false, precision, plain);
  }

  static std::size_t index(Precision precision) { return static_cast<std::size_t>(precision); }

  // W^T if transposed, else W; what is stored the other way round is turned once less.
  static const ops::WeightMatrix& made(const State& state, LazyMatrix& lazy, bool transposed,
                                       Precision precision, const Tensor& weight) {
    std::call_once(lazy.once, [&] {
      lazy.matrix = std::make_unique<ops::WeightMatrix>(weight, transposed != state.weight.in_first,
                                                        precision);
      lazy.is_made = true;
    });
    return *lazy.matrix;
  }
};

Tensor LinearWeight::rows(std::span<const std::int64_t> outputs) const {
  return state_->weight.rows(outputs, state_->compute);
}

bool LinearWeight::multiply_at(const Tensor& x, std::span<const std::int64_t> outputs,
                               Precision precision, Tensor& y) const {
  if (state_->compute == Dtype::kF64) return false;
  const ops::WeightMatrix& matrix =
      LinearKernel::forward(*state_, ops::available_precision(precision));
  return matrix.product_at(x, LinearKernel::addend(*state_), outputs, y);
}

void LinearWeight::pack(bool backward, Precision precision) const {
  const ProfileScope scope("ops", "packing weights");
  precision = ops::available_precision(precision);
  LinearKernel::addend(*state_);
  if (state_->compute == Dtype::kF64) {
    LinearKernel::plain(*state_);
    return;
  }
  if (backward) return LinearKernel::make_both(*state_, precision);
  LinearKernel::forward(*state_, precision);
}

namespace ops {

Tensor matrix_of(const LinearWeight& weight) {
  const auto state = LinearKernel::state(weight);
  return state->weight.to(state->compute);
}

Tensor bias_of(const LinearWeight& weight) {
  const auto state = LinearKernel::state(weight);
  if (!state->bias.table.defined()) return Tensor();
  return state->bias.to(state->compute).reshape({state->bias.out()});
}

namespace {

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

// Of a product with `rows` rows: multiplications and additions, and what is read and written once.
struct Work {
  Work(std::int64_t count, const LinearKernel::State& state) {
    const auto rows = static_cast<double>(count), in = static_cast<double>(state.weight.in()),
               out = static_cast<double>(state.weight.out());
    operations = 2 * rows * in * out;
    bytes = static_cast<double>(dtype_size(state.compute)) * (rows * (in + out) + in * out);
  }
  double operations, bytes;
};

void input_gradient(LinearKernel::State& state, Precision precision, Backward& backward) {
  const Tensor& dy = backward.output();
  const Work work(dy.rows(), state);
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
  const Work work(x.rows(), state);
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
    finish = [=](float* values, std::int64_t count) { activate(function, values, count); };
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

}  // namespace ops
}  // namespace ascribo
