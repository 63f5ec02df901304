// SPDX-License-Identifier: MIT
// The only door to oneDNN: a matrix packed once, and products with it.
#pragma once

#include <cstdint>
#include <memory>

namespace ascribo::ops {

/// B of y = x B, in the layout that oneDNN's kernels like best; the same for every number of rows.
/// Const methods may be called concurrently. A failure of oneDNN is an Error(kInternal).
class PackedMatrix {
 public:
  /// B is `[inner, outer]`; `plain` holds it row by row, or its transpose when `transposed`.
  PackedMatrix(const float* plain, std::int64_t inner, std::int64_t outer, bool transposed);
  ~PackedMatrix();
  PackedMatrix(const PackedMatrix&) = delete;
  PackedMatrix& operator=(const PackedMatrix&) = delete;

  /// y `[rows, outer]` = x `[rows, inner]` B, plus bias `[outer]` unless null, plus y itself when
  /// `accumulate`. A row's bits do not depend on the other rows, their number or the threads.
  void product(const float* x, std::int64_t rows, const float* bias, bool accumulate,
               float* y) const;

  std::size_t bytes() const;  ///< of the packed form

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ascribo::ops
