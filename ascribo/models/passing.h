// SPDX-License-Identifier: MIT
// How models pass their values through taps, and refuse what does not fit in their place.
#pragma once

#include <utility>

#include "ascribo/graph/taps.h"

namespace ascribo {

/// `value`, or kInvalidArgument unless it has the shape and element type that the model goes on
/// with: replacements and edits are the caller's.
Variable check_passed(TapPoint point, Variable value, const Shape& shape, Dtype compute);

/// Passes a point, computing the model's own value only if nothing stands in its place.
template <class Compute>
Variable pass_computed(Run& run, TapPoint point, const Shape& shape, Dtype dtype, Compute compute) {
  Variable passed = run.pass(point, run.replaced(point) ? Variable() : Variable(compute()));
  return check_passed(point, std::move(passed), shape, dtype);
}

}  // namespace ascribo
