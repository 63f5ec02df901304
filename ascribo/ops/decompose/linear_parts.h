// SPDX-License-Identifier: MIT
// The numbers of a weight, for what is no product with it.
#pragma once

#include "ascribo/ops/linear.h"

namespace ascribo::ops {

/// `[out, in]` in the dtype that the weight computes in. Converted anew at every call, if need be.
Tensor matrix_of(const LinearWeight& weight);

/// `[out]` likewise; undefined without bias.
Tensor bias_of(const LinearWeight& weight);

}  // namespace ascribo::ops
