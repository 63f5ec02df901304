// SPDX-License-Identifier: MIT
// Changes the element type of an array.
#pragma once

#include <cstdint>

#include "ascribo/tensor/dtype.h"

namespace ascribo {

/// Writes `count` elements of `from` in type `target` (kF32 or kF64) to `to`; the arrays must not
/// overlap. Widening is exact; kF64 to kF32 rounds to nearest.
void convert(const void* from, Dtype source, void* to, Dtype target, std::int64_t count);

}  // namespace ascribo
