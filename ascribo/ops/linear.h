// SPDX-License-Identifier: MIT
// Matrix products with weights that are packed once: y = x W^T + b.
#pragma once

#include <memory>
#include <span>

#include "ascribo/graph/variable.h"
#include "ascribo/ops/activation.h"
#include "ascribo/tensor/stored_weight.h"

namespace ascribo {

/// A weight `[out, in]` and an optional bias `[out]`, as stored. Nothing is converted or packed
/// until the first product needs it; the layout for the backward likewise. Immutable from the
/// outside: const methods may be called concurrently.
class LinearWeight {
 public:
  LinearWeight() = default;
  /// weight `[out, in]` in any dtype, bias `[out]` or undefined; `compute` is kF32 or kF64.
  LinearWeight(const Tensor& weight, const Tensor& bias, Dtype compute = Dtype::kF32);
  /// The same for a weight among others in a table.
  LinearWeight(StoredWeight weight, const Tensor& bias, Dtype compute = Dtype::kF32);
  /// The same for a bias `[out, 1]` among others in a table, too.
  LinearWeight(StoredWeight weight, StoredWeight bias, Dtype compute = Dtype::kF32);

  bool defined() const { return state_ != nullptr; }
  std::int64_t in() const;
  std::int64_t out() const;

  /// The tables that weight and bias are part of; the bias's may be undefined.
  const Tensor& table() const;
  const Tensor& bias_table() const;

  /// Rows of the weight, `[outputs, in]`, in its compute dtype.
  Tensor rows(std::span<const std::int64_t> outputs) const;
  /// Into y `[rows, out]` the numbers that x `[rows, in]` W^T + b has in these columns, ascending;
  /// the others stay. Nothing is written, and false returned, where the whole product is no slower.
  bool multiply_at(const Tensor& x, std::span<const std::int64_t> outputs, Precision precision,
                   Tensor& y) const;

  /// Converts and packs now what the first products, and their backward if asked for, would.
  void pack(bool backward, Precision precision = Precision::kFp32) const;
  /// The tables were written to: what was made of them is made anew when it is next needed. Not
  /// while products run.
  void refresh();

 private:
  friend struct LinearKernel;
  struct State;
  std::shared_ptr<State> state_;
};

/// A weight's tables as gradients flow to them, in the weight's compute dtype; where undefined none
/// do.
struct LinearParameters {
  Variable table, bias_table;
};

namespace ops {

/// x `[rows, in]` -> `[rows, out]`. In fp32 a row's result does not depend, to the last bit, on the
/// other rows, their number or the number of threads. `precision` holds for the backward, too; kF64
/// has its own, narrow weights stay in fp32, and so do gradients of weights.
Variable linear(const Variable& x, const LinearWeight& weight,
                Precision precision = Precision::kFp32, const LinearParameters& parameters = {});

/// activation(linear(x)), to the same bits; where no gradients are wanted, in one pass over memory
/// and without keeping what goes into the activation.
Variable linear_activation(const Variable& x, const LinearWeight& weight, Activation function,
                           Precision precision = Precision::kFp32,
                           const LinearParameters& parameters = {});

/// What a precision is on this CPU: never kAuto, and kFp32 where it does not multiply bf16.
Precision available_precision(Precision asked);
/// Whether Precision::kBf16 is more than fp32 on this CPU.
bool has_bf16_products();

}  // namespace ops
}  // namespace ascribo
