// SPDX-License-Identifier: MIT
// Layer normalisation, alone or of a residual sum.
#pragma once

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// (x - mean) / sqrt(var + epsilon) * gamma + beta over the last dimension, var biased.
/// x `[rows, n]`, gamma and beta `[n]` in x's dtype. (Ba, Kiros, Hinton 2016)
Variable layer_norm(const Variable& x, const Variable& gamma, const Variable& beta, double epsilon);

/// layer_norm(x + residual), in one pass over memory.
Variable add_layer_norm(const Variable& x, const Variable& residual, const Variable& gamma,
                        const Variable& beta, double epsilon);

}  // namespace ascribo::ops
