// SPDX-License-Identifier: MIT
// Single-precision kernels that work on one row, compiled for every CPU level and chosen at run
// time. A row's bits depend on its values alone, not on where it lies.
#pragma once

#include <cstdint>

namespace ascribo::ops::simd {

/// y = normalised(x + residual) * gamma + beta; residual, normalized and inverse may be null.
/// inverse is 1 / sqrt(var + epsilon).
void layer_norm_row(const float* x, const float* residual, const float* gamma, const float* beta,
                    float epsilon, std::int64_t n, float* y, float* normalized, float* inverse);

/// dx (+)= (g - mean(g) - normalized mean(g normalized)) inverse, where g = dy gamma.
void layer_norm_gradient_row(const float* dy, const float* normalized, const float* gamma,
                             float inverse, std::int64_t n, float* dx, bool accumulate);

/// y = x inverse gamma, where inverse, which may be null, is 1 / sqrt(mean(x^2) + epsilon).
void rms_norm_row(const float* x, const float* gamma, float epsilon, std::int64_t n, float* y,
                  float* inverse);

/// dx (+)= (g - x inverse^2 mean(g x)) inverse, where g = dy gamma.
void rms_norm_gradient_row(const float* dy, const float* x, const float* gamma, float inverse,
                           std::int64_t n, float* dx, bool accumulate);

/// probs = softmax(scale * scores + mask) of n values, n a multiple of 16; mask is 0 or -infinity.
/// A row that is masked entirely becomes 0. probs may be scores.
void softmax_row(const float* scores, const float* mask, float scale, std::int64_t n, float* probs);

/// ds = scale * probs (dp - sum(probs dp)).
void softmax_gradient_row(const float* probs, const float* dp, float scale, std::int64_t n,
                          float* ds);

/// y = a + b; y may be a or b.
void add(const float* a, const float* b, std::int64_t n, float* y);

/// y (+)= a b
void multiply(const float* a, const float* b, std::int64_t n, bool accumulate, float* y);

}  // namespace ascribo::ops::simd
