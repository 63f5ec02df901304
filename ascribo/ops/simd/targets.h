// SPDX-License-Identifier: MIT
// Which CPU levels our kernels are compiled for; included before any header of Highway.
#pragma once

// Vectors without a size at compile time cannot be members or array elements, which the kernels
// rely on; CPUs that have them also have NEON (or run the portable code).
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
