// SPDX-License-Identifier: MIT
// Multiplies each row by its own constant.
#pragma once

#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// x `[rows, n]` -> row r times factors[r]; a factor of 0 silences a row (value zeroing).
Variable scale_rows(const Variable& x, const std::vector<float>& factors);

}  // namespace ascribo::ops
