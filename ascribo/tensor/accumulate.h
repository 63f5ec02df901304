// SPDX-License-Identifier: MIT
// Sums of tensors, for gradients that arrive from several users.
#pragma once

#include "ascribo/tensor/tensor.h"

namespace ascribo {

/// sum + term; in place when nobody else holds `sum`, else in new storage that `sum` then holds.
/// Shapes and element types must match.
void accumulate(Tensor& sum, const Tensor& term);

}  // namespace ascribo
