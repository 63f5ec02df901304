// SPDX-License-Identifier: MIT
// A product of which only some outputs are wanted: a few words of a whole vocabulary.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/ops/linear.h"

namespace ascribo::ops {

/// As linear(), but only these outputs (ascending) are computed, to the same bits; all others are 0
/// and have no gradient. Weights get none.
Variable linear_at(const Variable& x, const LinearWeight& weight,
                   const std::vector<std::int64_t>& outputs,
                   Precision precision = Precision::kFp32);

}  // namespace ascribo::ops
