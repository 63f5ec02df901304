// SPDX-License-Identifier: MIT
// A matrix turned round, where no product would do it on the way.
#pragma once

#include "ascribo/tensor/tensor.h"

namespace ascribo::ops {

/// `[cols, rows]` of x `[rows, cols]`, which is read once from its beginning to its end.
Tensor transposed(const Tensor& x);

}  // namespace ascribo::ops
