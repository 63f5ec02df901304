// SPDX-License-Identifier: MIT
// Rounds single precision to bf16, splits it in two, multiplies by bf16; compiled for every CPU
// level and chosen at run time.
#pragma once

#include <cstdint>

namespace ascribo::ops::simd {

/// The upper halves of `n` floats, rounded to nearest, ties to even; a NaN stays one.
void round_to_bf16(const float* from, std::int64_t n, std::uint16_t* to);

/// The same into `high`, and what that left of each float, rounded likewise, into `low`: their sum
/// is within 2^-16 of a finite float, relative to it.
void split_to_bf16(const float* from, std::int64_t n, std::uint16_t* high, std::uint16_t* low);

/// y = y a, a in bf16.
void multiply_bf16(const std::uint16_t* a, std::int64_t n, float* y);

}  // namespace ascribo::ops::simd
