// SPDX-License-Identifier: MIT
// What every key brings to every query of one sequence: vectors that are measured and never kept.
#pragma once

#include <cstdint>

#include "ascribo/tensor/tensor.h"

namespace ascribo::ops {

/// y[h, j] = x[j] `[its columns of head h]` times the rows of head h: what each head's values come
/// to after a projection. x `[tokens, heads * width]`, rows `[heads * width, hidden]` ->
/// `[heads, tokens, hidden]`.
Tensor head_products(const Tensor& x, const Tensor& rows, std::int64_t heads);

/// v_ij = sum_h probs[h, i, j] heads[h, j] + [i = j] own[j], for query i and key j. Same dtype.
struct PairVectors {
  Tensor probs;  ///< `[heads, tokens, tokens]`
  Tensor heads;  ///< `[heads, tokens, hidden]`
  Tensor own;    ///< `[tokens, hidden]`
};

enum class VectorNorm { kL1, kL2 };

struct MeasuredPairs {
  Tensor norms;  ///< `[tokens, tokens]`
  Tensor sums;   ///< `[tokens, hidden]`: sum_j v_ij
};

/// The norms of v_ij - wholes[i]; of v_ij where wholes `[tokens, hidden]` is undefined. Takes
/// memory for tokens x hidden and tokens x tokens numbers, never for all vectors. The bits do not
/// depend on the number of threads.
MeasuredPairs measure_pairs(const PairVectors& pairs, const Tensor& wholes, VectorNorm norm);

}  // namespace ascribo::ops
