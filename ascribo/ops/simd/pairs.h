// SPDX-License-Identifier: MIT
// Norms of mixtures of rows in single precision, made and measured in registers; compiled for every
// CPU level and chosen at run time.
#pragma once

#include <cstdint>

namespace ascribo::ops::simd {

/// For every query i of one key: v_i = sum_h probs[h, i] vectors[h] (+ own where i is `place`), and
/// out[i] = sum |v_i - wholes_i|, or the sum of squares. Rows are `width` long, a multiple of 16.
/// The bits of out[i] do not depend on the other queries.
struct KeyMixtures {
  std::int64_t queries = 0, heads = 0, width = 0, place = 0;
  const float* probs = nullptr;
  std::int64_t prob_head = 0, prob_query = 0;  ///< distances of neighbours
  const float* vectors = nullptr;
  std::int64_t vector_head = 0;
  const float* own = nullptr;
  const float* wholes = nullptr;  ///< `[queries, width]`, or null: zeros
  bool squares = false;
  float* out = nullptr;
  std::int64_t out_query = 1;
};

void measure_mixtures(const KeyMixtures& task);

}  // namespace ascribo::ops::simd
