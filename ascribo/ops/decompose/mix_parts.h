// SPDX-License-Identifier: MIT
// Attention over values that are sums of parts, each part by itself.
#pragma once

#include <cstdint>

#include "ascribo/tensor/tensor.h"

namespace ascribo::ops {

/// out[i, k] = sum_j probs[h, i, j] values[j, k] in the columns of head h. probs `[heads, tokens,
/// tokens]`, values `[tokens * parts, heads * width]` with a token's parts one after another, and
/// so is the result. The bits of a part do not depend on the others, nor on threads.
Tensor mix_parts(const Tensor& probs, const Tensor& values, std::int64_t heads);

}  // namespace ascribo::ops
