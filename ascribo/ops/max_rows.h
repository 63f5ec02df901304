// SPDX-License-Identifier: MIT
// The largest of each sequence's rows, column by column.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// x `[rows, n]` -> `[sequences, n]`: row s holds the largest of each column in rows
/// [offsets[s], offsets[s+1]) of x; a sequence without any gives zeros. A NaN wins.
Variable max_rows(const Variable& x, const std::vector<std::int64_t>& offsets);

}  // namespace ascribo::ops
