// SPDX-License-Identifier: MIT
// Heads of keys and values shared by several heads of queries.
#pragma once

#include <cstdint>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// x `[rows, heads * width]` -> `[rows, heads * times * width]`: head h of the output is head
/// h / times of x. Grouped-query attention (Ainslie et al. 2023); once is x itself.
Variable repeat_heads(const Variable& x, std::int64_t heads, std::int64_t times);

}  // namespace ascribo::ops
