// SPDX-License-Identifier: MIT
// The only door to oneDNN: a matrix packed once, and products with it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "ascribo/ops/onednn/finish.h"
#include "ascribo/tensor/tensor.h"

namespace ascribo::ops {

/// B of y = x B, in the layout that oneDNN's kernels like best. Const methods may be called
/// concurrently. A failure of oneDNN is an Error(kInternal).
class PackedMatrix {
 public:
  /// B `[inner, outer]` from a weight of any dtype: its transpose if `transposed`, else itself.
  PackedMatrix(const Tensor& weight, bool transposed);
  ~PackedMatrix();
  PackedMatrix(const PackedMatrix&) = delete;
  PackedMatrix& operator=(const PackedMatrix&) = delete;

  /// y `[rows, outer]` = x `[rows, inner]` B, plus bias `[outer]` unless null, plus y itself when
  /// `accumulate`, finished. A row's bits do not depend on the other rows, their number or the
  /// threads.
  void product(const float* x, std::int64_t rows, const float* bias, bool accumulate, float* y,
               const Finish& finish = {}) const;

  /// The same bits in some columns, ascending, of which only blocks of 64 are computed; without
  /// `accumulate`. Nothing is written, and false returned, where product() is the only way to them.
  bool product_at(const float* x, std::int64_t rows, const float* bias,
                  std::span<const std::int64_t> columns, float* y) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ascribo::ops
