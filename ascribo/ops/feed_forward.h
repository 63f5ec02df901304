// SPDX-License-Identifier: MIT
// Two products with an activation between them, in one pass over what lies between.
#pragma once

#include "ascribo/graph/variable.h"
#include "ascribo/ops/linear.h"

namespace ascribo::ops {

/// linear(activation(linear(x, in)), out): x `[rows, in.in()]` -> `[rows, out.out()]`. In bf16 and
/// bf16x3 the wide values between the products never leave the cache, and what the backward needs
/// of them, the activation's slope, is kept in bf16 or fp32. The forward is that composition to the
/// last bit. Weights take no gradients.
Variable feed_forward(const Variable& x, const LinearWeight& in, Activation function,
                      const LinearWeight& out, Precision precision = Precision::kFp32);

}  // namespace ascribo::ops
