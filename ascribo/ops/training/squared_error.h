// SPDX-License-Identifier: MIT
// How far numbers are from the right ones.
#pragma once

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// (x - t)^2, element by element; targets t have the shape and element type of x.
Variable squared_error(const Variable& x, const Tensor& targets);

}  // namespace ascribo::ops
