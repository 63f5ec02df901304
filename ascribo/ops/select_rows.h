// SPDX-License-Identifier: MIT
// Picks rows of a matrix.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// x `[rows, n]` -> `[indices, n]`; an index may repeat.
Variable select_rows(const Variable& x, const std::vector<std::int64_t>& indices);

}  // namespace ascribo::ops
