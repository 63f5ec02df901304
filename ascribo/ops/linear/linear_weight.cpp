// SPDX-License-Identifier: MIT
// Weights are converted and packed when a product first needs them.
#include <array>
#include <atomic>
#include <mutex>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/decompose/linear_parts.h"
#include "ascribo/ops/linear/linear_kernel.h"
#include "ascribo/ops/simd/product.h"
#include "ascribo/tensor/convert.h"

namespace ascribo {
namespace {

// Made when it is first needed.
struct LazyMatrix {
  std::once_flag once;
  std::atomic<bool> is_made = false;
  std::unique_ptr<ops::WeightMatrix> matrix;
};

}  // namespace

// What products need, made of the tables when first asked for.
struct MadeOfTables {
  std::once_flag plain_once, bias_once;
  Tensor plain;   // kF64: the converted weight
  Tensor addend;  // bias in `compute`, zeros up to a multiple of 16; undefined without bias
  std::array<LazyMatrix, 3> forward, backward;  // by Precision
};

namespace {

StoredWeight whole_bias(const Tensor& bias) {
  return bias.defined() ? StoredWeight::whole(bias.reshape({bias.numel(), 1})) : StoredWeight();
}

}  // namespace

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
  refresh();
}

std::int64_t LinearWeight::in() const { return state_->weight.in(); }
std::int64_t LinearWeight::out() const { return state_->weight.out(); }
const Tensor& LinearWeight::table() const { return state_->weight.table; }
const Tensor& LinearWeight::bias_table() const { return state_->bias.table; }
void LinearWeight::refresh() { state_->made = std::make_shared<MadeOfTables>(); }

namespace {

std::size_t index(Precision precision) { return static_cast<std::size_t>(precision); }

// W^T if transposed, else W; what is stored the other way round is turned once less. `weight` gives
// the weight as stored, which of one among others is a copy.
template <class Weight>
const ops::WeightMatrix& made_of(const Weight& weight, bool transposed, Precision precision,
                                 LazyMatrix& lazy) {
  std::call_once(lazy.once, [&] {
    lazy.matrix = std::make_unique<ops::WeightMatrix>(weight(), transposed, precision);
    lazy.is_made = true;
  });
  return *lazy.matrix;
}

}  // namespace

const Tensor& LinearKernel::addend(State& state) {
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

const Tensor& LinearKernel::plain(State& state) {
  MadeOfTables& made = *state.made;
  std::call_once(made.plain_once, [&] { made.plain = state.weight.to(state.compute); });
  return made.plain;
}

const ops::WeightMatrix& LinearKernel::forward(State& state, Precision precision) {
  return made_of([&] { return state.weight.plain(); }, !state.weight.in_first, precision,
                 state.made->forward[index(precision)]);
}

const ops::WeightMatrix& LinearKernel::backward(State& state, Precision precision) {
  return made_of([&] { return state.weight.plain(); }, state.weight.in_first, precision,
                 state.made->backward[index(precision)]);
}

void LinearKernel::make_both(State& state, Precision precision) {
  LazyMatrix& forward = state.made->forward[index(precision)];
  LazyMatrix& backward = state.made->backward[index(precision)];
  if (forward.is_made && backward.is_made) return;
  const Tensor single = state.weight.plain().to(Dtype::kF32);
  const auto weight = [&]() -> const Tensor& { return single; };
  made_of(weight, !state.weight.in_first, precision, forward);
  made_of(weight, state.weight.in_first, precision, backward);
}

ProductWork::ProductWork(std::int64_t rows, const LinearKernel::State& state) {
  const auto count = static_cast<double>(rows), in = static_cast<double>(state.weight.in()),
             out = static_cast<double>(state.weight.out());
  operations = 2 * count * in * out;
  bytes = static_cast<double>(dtype_size(state.compute)) * (count * (in + out) + in * out);
}

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

}  // namespace ops
}  // namespace ascribo
