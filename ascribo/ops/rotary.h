// SPDX-License-Identifier: MIT
// Positions as rotations of queries and keys.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// Rotary position embedding (Su et al. 2021). x `[rows, heads * width]`; in each head of row r the
/// pair of columns d and d + n / 2 is turned by the angle of position positions[r] and d, and the
/// columns from n on are left as they are. `angles` is `[positions, n]` in x's dtype, n even and at
/// most width: the cosines of d = 0 .. n / 2, then the sines.
Variable rotary(const Variable& x, std::int64_t heads, const Tensor& angles,
                const std::vector<std::int64_t>& positions);

}  // namespace ascribo::ops
