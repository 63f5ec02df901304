// SPDX-License-Identifier: MIT
// Puts each row's neighbours beside it: a convolution but for its product.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// x `[rows, n]` -> `[rows, n * width]`, width odd: column c * width + t of a row is column c of
/// the row t - width / 2 further on in its sequence, 0 beyond the ends. Sequence s is rows
/// [offsets[s], offsets[s+1]). Times a weight `[out, n, width]` this is a convolution as torch
/// stores it.
Variable neighbours(const Variable& x, const std::vector<std::int64_t>& offsets,
                    std::int64_t width);

}  // namespace ascribo::ops
