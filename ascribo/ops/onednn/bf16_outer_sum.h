// SPDX-License-Identifier: MIT
// The gradient of a weight from factors in bf16.
#pragma once

#include "ascribo/ops/onednn/outer_sum.h"

namespace ascribo::ops {

/// As outer_sum(), but A and B are rounded to bf16; sums and C are in single precision. Only where
/// has_bf16(). Bits do not depend on the number of threads.
void outer_sum_bf16(const OuterSum& task);

}  // namespace ascribo::ops
