// SPDX-License-Identifier: MIT
// Two products with an activation between them.
#pragma once

#include "ascribo/graph/variable.h"
#include "ascribo/ops/linear.h"

namespace ascribo::ops {

/// linear(activation(linear(x, in)), out): x `[rows, in.in()]` -> `[rows, out.out()]`, to the last
/// bit. What the backward needs, the activation's slope, is computed along with its values while
/// they are in the cache, and kept in bf16 where products are, else in fp32; in bf16 and bf16x3 the
/// values never leave the cache. Weights take no gradients.
Variable feed_forward(const Variable& x, const LinearWeight& in, Activation function,
                      const LinearWeight& out, Precision precision = Precision::kFp32);

}  // namespace ascribo::ops
