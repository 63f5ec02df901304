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
  void pack(bool backward) const;

 private:
  friend struct LinearKernel;
  struct State;
  std::shared_ptr<State> state_;
};

namespace ops {

/// x `[rows, in]` -> `[rows, out]`. A row's result does not depend, to the last bit, on the other
/// rows, their number or the number of threads.
Variable linear(const Variable& x, const LinearWeight& weight);

}  // namespace ops
}  // namespace ascribo
