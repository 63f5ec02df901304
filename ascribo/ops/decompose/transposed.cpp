// SPDX-License-Identifier: MIT
// Four rows at a time: what is read comes from far away, what is written stays in the cache.
#include "ascribo/ops/decompose/transposed.h"

#include <type_traits>

#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/product.h"

namespace ascribo::ops {
namespace {

constexpr std::int64_t kTogether = 4;

template <class T>
void plain(const T* from, std::int64_t from_row, std::int64_t rows, std::int64_t cols, T* to) {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < cols; ++c) to[c * rows + r] = from[r * from_row + c];
  }
}

template <class T>
Tensor turned(const Tensor& x) {
  const std::int64_t rows = x.rows(), cols = x.cols();
  Tensor y = Tensor::empty({cols, rows}, x.dtype());
  const T* from = x.data<T>();
  T* to = y.mutable_data<T>();
  parallel_ranges(cols, rows, [=](std::int64_t begin, std::int64_t end) {
    if constexpr (std::is_same_v<T, float>) {
      if (rows % kTogether == 0) {
        simd::transpose(from + begin, cols, rows, end - begin, to + begin * rows, rows);
        return;
      }
    }
    plain(from + begin, cols, rows, end - begin, to + begin * rows);
  });
  return y;
}

}  // namespace

Tensor transposed(const Tensor& x) {
  return x.dtype() == Dtype::kF32 ? turned<float>(x) : turned<double>(x);
}

}  // namespace ascribo::ops
