// SPDX-License-Identifier: MIT
// The softmax of a whole vocabulary in double precision, compiled for every CPU level.
#pragma once

#include <cstdint>

namespace ascribo::ops::simd {

/// log sum_i exp(z_i) of `count` >= 1 values, without overflow; NaN where one is NaN or infinite,
/// minus infinity among others excepted.
double log_sum_exp(const double* z, std::int64_t count);

/// y_i += scale * exp(z_i - shift). Where z is at most 1,000 below the shift, within 1 unit in the
/// last place of the exponential; below that it counts as 0.
void add_exponentials(const double* z, std::int64_t count, double shift, double scale, double* y);

}  // namespace ascribo::ops::simd
