// SPDX-License-Identifier: MIT
// Single-precision kernels that work on one row, compiled for every CPU level and chosen at run
// time. A row's bits depend on its values alone, not on where it lies.
#pragma once

#include <cstdint>

namespace ascribo::ops::simd {

/// y = normalised(x + residual) * gamma + beta; residual, normalized and inverse may be null.
void layer_norm_row(const float* x, const float* residual, const float* gamma, const float* beta,
                    float epsilon, std::int64_t n, float* y, float* normalized, float* inverse);

void layer_norm_gradient_row(const float* dy, const float* normalized, const float* gamma,
                             float inverse, std::int64_t n, float* dx, bool accumulate);

}  // namespace ascribo::ops::simd
