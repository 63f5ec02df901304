// SPDX-License-Identifier: MIT
// Numbers that are none: found where a model answers, and traced back to the layer they come from.
#pragma once

#include <optional>

#include "ascribo/explain/answered.h"

namespace ascribo {

/// Throws kBadCheckpoint when an answer of the batch is not finite, naming the output, and the
/// first layer whose values are not. `values` are those that were put in at the tap, if any.
void check_finite(const Model& model, const Answered& answered, const Batch& batch,
                  const std::optional<TapPoint>& at = {}, const Tensor& values = {});

}  // namespace ascribo
