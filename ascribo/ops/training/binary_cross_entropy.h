// SPDX-License-Identifier: MIT
// How far each of several yes-or-no answers is from the right one.
#pragma once

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// -t log sigmoid(x) - (1 - t) log sigmoid(-x), element by element; targets t have the shape and
/// element type of the logits x.
Variable binary_cross_entropy(const Variable& logits, const Tensor& targets);

}  // namespace ascribo::ops
