// SPDX-License-Identifier: MIT
// Normalisation by the root mean square, of whole rows or head by head.
#pragma once

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// x / sqrt(mean(x^2) + epsilon) * (gamma + offset) over each stretch of n columns. x `[rows,
/// groups * n]`, gamma `[n]` in x's dtype; several groups are heads normalised one by one. (Zhang &
/// Sennrich 2019)
Variable rms_norm(const Variable& x, const Variable& gamma, double epsilon, double offset = 0);

/// gamma + offset in gamma's dtype, added up in double precision: what rms_norm multiplies by.
Tensor rms_factors(const Tensor& gamma, double offset);

}  // namespace ascribo::ops
