// SPDX-License-Identifier: MIT
// What saliency and input x gradient share: one gradient, taken at the text itself.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "ascribo/explain/scorer.h"

namespace ascribo {

/// One number per dimension from the value there and the gradient there.
using Combine = double (*)(double value, double gradient);

/// One forward and, per target, one backward for each task; fills in every attribution.
void gradient_at_input(std::span<Task> tasks, Scorer& scorer, TapPoint at, Combine combine,
                       Reduce reduce, Aggregate aggregate);

/// Says where a reduction has lost the signs.
void mark_unsigned(Task& task, Reduce reduce);

}  // namespace ascribo
