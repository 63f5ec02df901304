// SPDX-License-Identifier: MIT
// A step of Adam, compiled for every CPU level and chosen at run time.
#pragma once

#include <cstdint>

namespace ascribo::ops::simd {

/// Numbers of one step: m = beta1 m + rest1 (scale g), v = beta2 v + rest2 (scale g)^2 and
/// w = kept w - step_size m / (square_root sqrt(v) + epsilon).
struct AdamFactors {
  float beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, scale = 1;
  float step_size = 0, square_root = 1, epsilon = 0, kept = 1;
};

/// Of n weights w with gradients g; m and v are written to. A weight's bits depend on its own
/// values alone.
void adam(const AdamFactors& factors, const float* g, std::int64_t n, float* w, float* m, float* v);

/// Whether n values are all 0.
bool all_zero(const float* values, std::int64_t n);

/// w *= factor
void scale(float factor, std::int64_t n, float* w);

/// The sum of squares of n values in double precision, in an order of its own.
double sum_of_squares(const float* values, std::int64_t n);

}  // namespace ascribo::ops::simd
