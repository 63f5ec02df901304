// SPDX-License-Identifier: MIT
// Element-wise product.
#pragma once

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// a b element by element, same shape: a value times its gate.
Variable multiply(const Variable& a, const Variable& b);

}  // namespace ascribo::ops
