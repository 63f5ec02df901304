// SPDX-License-Identifier: MIT
// Puts matrices side by side.
#pragma once

#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// `[rows, n1]`, `[rows, n2]`, ... -> `[rows, n1 + n2 + ...]`.
Variable concat_columns(const std::vector<Variable>& parts);

}  // namespace ascribo::ops
