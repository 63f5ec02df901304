// SPDX-License-Identifier: MIT
// A weight as products want it, in whichever form suits its size and the precision.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "ascribo/ops/onednn/bf16_matrix.h"
#include "ascribo/ops/onednn/finish.h"
#include "ascribo/ops/onednn/packed_matrix.h"
#include "ascribo/tensor/dtype.h"

namespace ascribo::ops {

/// B of y = x B. Const methods may be called concurrently.
class WeightMatrix {
 public:
  /// B `[inner, outer]` from a weight of any dtype: its transpose if `transposed`, else itself.
  /// `precision` is one that this CPU has; narrow weights stay in fp32.
  WeightMatrix(const Tensor& weight, bool transposed, Precision precision);

  /// y `[rows, outer]` = x B, plus bias, plus y itself when `accumulate`, finished unless `finish`
  /// is empty. The bias may be undefined; it is read to a multiple of 16.
  void product(const Tensor& x, const Tensor& bias, bool accumulate, Tensor& y,
               const Finish& finish = {}) const;

  /// y `[rows, next's outer]` = g(x B) C, where C is the matrix of `next`, plus bias, plus y itself
  /// when `accumulate`: to the bits of two products. In bf16 g(x B) never is in memory as a whole.
  void product_through(const Tensor& x, const Finish& between, const WeightMatrix& next,
                       const Tensor& bias, bool accumulate, Tensor& y) const;

  /// The product in some columns, ascending; false, and nothing written, where the whole product is
  /// no slower.
  bool product_at(const Tensor& x, const Tensor& bias, std::span<const std::int64_t> columns,
                  Tensor& y) const;

 private:
  std::int64_t inner_, outer_;
  std::unique_ptr<PackedMatrix> packed_;
  std::unique_ptr<Bf16Matrix> rounded_;
  Tensor padded_;  // B with whole vectors in a row, of narrow weights
};

}  // namespace ascribo::ops
