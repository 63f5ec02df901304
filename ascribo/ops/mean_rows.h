// SPDX-License-Identifier: MIT
// The mean of each sequence's rows.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// x `[rows, n]` -> `[sequences, n]`: row s is the mean of rows [offsets[s], offsets[s+1]) of x.
/// Rows where `visible` is 0 do not count (empty: all do); a sequence without any gives zeros.
Variable mean_rows(const Variable& x, const std::vector<std::int64_t>& offsets,
                   const std::vector<std::uint8_t>& visible = {});

}  // namespace ascribo::ops
