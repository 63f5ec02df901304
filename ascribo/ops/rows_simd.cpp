// SPDX-License-Identifier: MIT
// Row kernels.
#include "ascribo/ops/rows_simd.h"

#include <cmath>

namespace ascribo::ops::simd {
void layer_norm_row(const float* x, const float* residual, const float* gamma, const float* beta,
                    float epsilon, std::int64_t n, float* y, float* normalized, float* inverse) {
  const auto value = [=](std::int64_t i) { return residual ? x[i] + residual[i] : x[i]; };
  const auto count = static_cast<float>(n);
  float mean = 0, variance = 0;
  for (std::int64_t i = 0; i < n; ++i) mean += value(i);
  mean /= count;
  for (std::int64_t i = 0; i < n; ++i) variance += (value(i) - mean) * (value(i) - mean);
  const float scale = 1.0f / std::sqrt(variance / count + epsilon);
  for (std::int64_t i = 0; i < n; ++i) {
    const float normal = (value(i) - mean) * scale;
    y[i] = normal * gamma[i] + beta[i];
    if (normalized) normalized[i] = normal;
  }
  if (inverse) *inverse = scale;
}
void layer_norm_gradient_row(const float* dy, const float* normalized, const float* gamma,
                             float inverse, std::int64_t n, float* dx, bool accumulate) {
  const auto count = static_cast<float>(n);
  float mean = 0, projection = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    mean += dy[i] * gamma[i];
    projection += dy[i] * gamma[i] * normalized[i];
  }
  mean /= count, projection /= count;
  for (std::int64_t i = 0; i < n; ++i) {
    const float gradient = (dy[i] * gamma[i] - mean - normalized[i] * projection) * inverse;
    dx[i] = accumulate ? dx[i] + gradient : gradient;
  }
}
}  // namespace ascribo::ops::simd
