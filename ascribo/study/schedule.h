// SPDX-License-Identifier: MIT
// The learning rate of every step.
#pragma once

#include "ascribo/study/training_options.h"

namespace ascribo {

/// Rises from 0 during the warm-up, then stays, falls to 0 in a line, or in half a cosine. `step`
/// counts from 0.
double learning_rate_at(std::int64_t step, std::int64_t steps, const TrainingOptions& options);

}  // namespace ascribo
