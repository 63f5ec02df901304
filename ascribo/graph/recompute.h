// SPDX-License-Identifier: MIT
// Values that are computed twice so that they need not be kept (Chen et al. 2016).
#pragma once

#include <functional>

#include "ascribo/graph/taps.h"

namespace ascribo {

/// function(x, run) without the values in between: its backward runs it again. Bits, of gradients
/// too, are those of function(x, run). What the function refers to must live as long as the run;
/// it passes no tap that the run keeps or changes.
Variable recompute(const Variable& x, Run& run,
                   std::function<Variable(const Variable& x, Run& run)> function);

}  // namespace ascribo
