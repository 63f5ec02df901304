// SPDX-License-Identifier: MIT
// Norms of mixtures of rows in single precision, made and measured in registers; compiled for every
// CPU level and chosen at run time.
#pragma once

#include <cstdint>

namespace ascribo::ops::simd {

/// For every query i of one key: v_i = sum_h probs[i, h] vectors[h] (+ own where i is `place`),
/// out[i] = sum |v_i - wholes_i|, or the sum of squares, and sums[i] += v_i. Rows are `width` long,
/// a multiple of 16. The bits of a query's results do not depend on the other queries.
struct KeyMixtures {
  std::int64_t queries = 0, heads = 0, width = 0;
  std::int64_t place = 0;          ///< may lie outside of the queries
  const float* probs = nullptr;    ///< `[queries, heads]`
  const float* vectors = nullptr;  ///< `[width / 16, heads, 16]`: read from one end to the other
  const float* own = nullptr;      ///< `[width]`
  const float* wholes = nullptr;   ///< `[queries, width]`, or null: zeros
  bool squares = false;
  float* sums = nullptr;  ///< `[queries, width]`
  float* out = nullptr;
  std::int64_t out_query = 1;
};

void measure_mixtures(const KeyMixtures& task);

}  // namespace ascribo::ops::simd
