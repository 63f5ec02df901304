// SPDX-License-Identifier: MIT
// How far answers are from the right label.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// -log softmax(logits)[label] of each row: logits `[rows, classes]` -> `[rows]`. With smoothing s
/// the right label counts 1 - s, and all labels together s. A row whose label is negative gives 0.
/// (Szegedy et al. 2016)
Variable cross_entropy(const Variable& logits, const std::vector<std::int64_t>& labels,
                       double smoothing = 0);

}  // namespace ascribo::ops
