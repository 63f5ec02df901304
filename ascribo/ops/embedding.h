// SPDX-License-Identifier: MIT
// Looks rows up in a table as published (any dtype).
#pragma once

#include <cstdint>
#include <span>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// table `[entries, n]` -> `[indices, n]` in `compute`, which a table with gradients has too.
/// Indices are checked by the caller.
Variable embedding(const Variable& table, std::span<const std::int64_t> indices,
                   Dtype compute = Dtype::kF32);

}  // namespace ascribo::ops
