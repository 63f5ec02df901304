// SPDX-License-Identifier: MIT
// Looks rows up in a table as published (any dtype).
#pragma once

#include <cstdint>
#include <span>

#include "ascribo/tensor/tensor.h"

namespace ascribo::ops {

/// table `[entries, n]` -> `[indices, n]` in `compute`; no gradient (tables are constants when
/// explaining). Indices are checked by the caller.
Tensor embedding(const Tensor& table, std::span<const std::int64_t> indices,
                 Dtype compute = Dtype::kF32);

}  // namespace ascribo::ops
