// SPDX-License-Identifier: MIT
// Values left out at random, as in training.
#pragma once

#include <array>
#include <cstdint>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// Every value of x is 0 with probability `rate` (to 1/65536), else divided by how likely it is to
/// stay. Which ones depends on the stream and the place in x alone, so that this is the one
/// operation whose result for a row depends on its place in the batch. (Srivastava et al. 2014)
Variable dropout(const Variable& x, double rate, const std::array<std::uint64_t, 2>& stream);

}  // namespace ascribo::ops
