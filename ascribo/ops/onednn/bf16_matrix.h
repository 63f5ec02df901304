// SPDX-License-Identifier: MIT
// A matrix packed once in bf16, and products with it that add up in single precision.
#pragma once

#include <cstdint>
#include <memory>

#include "ascribo/ops/onednn/finish.h"
#include "ascribo/tensor/tensor.h"

namespace ascribo::ops {

/// Whether this CPU multiplies bf16 (AMX or AVX512-BF16).
bool has_bf16();

/// Whether this CPU multiplies it so fast that three products in bf16 take less than one in single
/// precision (AMX).
bool has_fast_bf16();

/// B of y = x B in one part, rounded to bf16, or as the sum of two; x is treated alike on the way
/// in, sums and y are in single precision. In two parts, the product of the two lesser ones is left
/// out: 2^-16 of the greater ones' (Henry, Tang, Heinecke 2019, "Leveraging the bfloat16 artificial
/// intelligence datatype for higher-precision computations").
/// Const methods may be called concurrently. A failure of oneDNN is an Error(kInternal).
class Bf16Matrix {
 public:
  /// B `[inner, outer]` from a weight of any dtype: its transpose if `transposed`, else itself.
  Bf16Matrix(const Tensor& weight, bool transposed, bool in_two_parts);
  ~Bf16Matrix();
  Bf16Matrix(const Bf16Matrix&) = delete;
  Bf16Matrix& operator=(const Bf16Matrix&) = delete;

  /// y `[rows, outer]` = x `[rows, inner]` B, plus bias `[outer]` unless null, plus y itself when
  /// `accumulate`, finished.
  void product(const float* x, std::int64_t rows, const float* bias, bool accumulate, float* y,
               const Finish& finish = {}) const;

  /// y `[rows, C's outer]` = g(x B) C, plus bias unless null, plus y itself when `accumulate`: to
  /// the bits of two products with g(x B), which is not kept, in memory between them. C is the
  /// matrix of `next`, in as many parts.
  void product_through(const float* x, std::int64_t rows, const Finish& between,
                       const Bf16Matrix& next, const float* bias, bool accumulate, float* y) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ascribo::ops
