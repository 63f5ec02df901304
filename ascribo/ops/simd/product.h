// SPDX-License-Identifier: MIT
// Small matrix products in single precision, for attention and narrow weights; compiled for every
// CPU level and chosen at run time.
#pragma once

#include <cstdint>

namespace ascribo::ops::simd {

/// Rows of B are read up to a multiple of this many columns.
constexpr std::int64_t kPadding = 16;
constexpr std::int64_t padded(std::int64_t count) {
  return (count + kPadding - 1) / kPadding * kPadding;
}

/// C `[m, n]` (+)= A `[m, k]` B `[k, n]` + bias. Every element is one sum over k in order, so its
/// bits depend on its row of A and its column of B alone. A sum that is added to goes on from C:
/// products of stretches of k, one after another, give the bits of one product.
struct Product {
  std::int64_t m = 0, n = 0, k = 0;
  const float* a = nullptr;
  std::int64_t a_row = 0, a_col = 1;  ///< distances of neighbours in a column and in a row
  const float* b = nullptr;           ///< readable to padded(n) columns
  std::int64_t b_row = 0;
  float* c = nullptr;
  std::int64_t c_row = 0;
  const float* bias = nullptr;  ///< `[n]`, readable to padded(n)
  bool accumulate = false;
};

void product(const Product& task);

/// to `[cols, to_row]`: the transpose of from `[rows, cols]`, with zeros after `rows`; to_row is a
/// multiple of 4.
void transpose(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t cols,
               float* to, std::int64_t to_row);

}  // namespace ascribo::ops::simd
