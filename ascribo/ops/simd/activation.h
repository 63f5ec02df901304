// SPDX-License-Identifier: MIT
// Single-precision activations, compiled for every CPU level and chosen at run time.
#pragma once

#include <cstdint>

#include "ascribo/ops/activation.h"

namespace ascribo::ops::simd {

/// Writes f(x), or f'(x) when `derivative` is set; false (nothing written) when this function has
/// no fast form. An element's bits depend on its value alone.
bool activation(Activation function, const float* x, std::int64_t count, bool derivative,
                float* out);

/// x becomes f(x) and slope f'(x), to the bits that activation() gives; false likewise.
bool activation_with_slope(Activation function, float* x, std::int64_t count, float* slope);

}  // namespace ascribo::ops::simd
