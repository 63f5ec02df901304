// SPDX-License-Identifier: MIT
// Element-wise sum.
#pragma once

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// a + b, same shape.
Variable add(const Variable& a, const Variable& b);

}  // namespace ascribo::ops
