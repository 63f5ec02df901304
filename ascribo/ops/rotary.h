// SPDX-License-Identifier: MIT
// Positions as rotations of queries and keys.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// Rotary position embedding (Su et al. 2021). x `[rows, heads * width]`; in each head of row r the
/// pair of columns d and d + width / 2 is turned by the angle of position positions[r] and d.
/// `angles` is `[positions, width]` in x's dtype: the cosines of d = 0 .. width / 2, then the
/// sines.
Variable rotary(const Variable& x, std::int64_t heads, const Tensor& angles,
                const std::vector<std::int64_t>& positions);

}  // namespace ascribo::ops
