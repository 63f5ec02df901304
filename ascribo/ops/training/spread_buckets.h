// SPDX-License-Identifier: MIT
// Biases by distance from a table of buckets.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// table `[buckets, heads]` -> `[heads, places]`: entry (h, p) is table(buckets[p], h).
Variable spread_buckets(const Variable& table, const std::vector<std::int64_t>& buckets);

}  // namespace ascribo::ops
