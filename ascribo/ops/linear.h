// SPDX-License-Identifier: MIT
// Matrix products with weights that are packed once: y = x W^T + b.
#pragma once

#include <memory>

#include "ascribo/graph/variable.h"
#include "ascribo/tensor/stored_weight.h"

namespace ascribo {

/// A weight `[out, in]` and an optional bias `[out]`, as stored. Nothing is converted or packed
/// until the first product needs it; the layout for the backward likewise. Immutable from the
/// outside: const methods may be called concurrently.
class LinearWeight {
 public:
  LinearWeight() = default;
  /// weight `[out, in]` in any dtype, bias `[out]` or undefined; `compute` is kF32 or kF64.
  LinearWeight(const Tensor& weight, Tensor bias, Dtype compute = Dtype::kF32);
  /// The same for a weight among others in a table.
  LinearWeight(StoredWeight weight, Tensor bias, Dtype compute = Dtype::kF32);

  bool defined() const { return state_ != nullptr; }
  std::int64_t in() const;
  std::int64_t out() const;

  /// Converts and packs now what the first products, and their backward if asked for, would.
  void pack(bool backward, Precision precision = Precision::kFp32) const;

 private:
  friend struct LinearKernel;
  struct State;
  std::shared_ptr<State> state_;
};

namespace ops {

/// x `[rows, in]` -> `[rows, out]`. In fp32 a row's result does not depend, to the last bit, on the
/// other rows, their number or the number of threads. `precision` holds for the backward, too; kF64
/// has its own, and narrow weights stay in fp32.
Variable linear(const Variable& x, const LinearWeight& weight,
                Precision precision = Precision::kFp32);

/// Whether Precision::kBf16 is more than fp32 on this CPU.
bool has_bf16_products();

}  // namespace ops
}  // namespace ascribo
