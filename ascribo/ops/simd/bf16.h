// SPDX-License-Identifier: MIT
// Rounds single precision to bf16; compiled for every CPU level and chosen at run time.
#pragma once

#include <cstdint>

namespace ascribo::ops::simd {

/// The upper halves of `n` floats, rounded to nearest, ties to even; a NaN stays one.
void round_to_bf16(const float* from, std::int64_t n, std::uint16_t* to);

}  // namespace ascribo::ops::simd
