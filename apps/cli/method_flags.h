// SPDX-License-Identifier: MIT
// The flags that methods declare: the union of their options, grouped by who has them.
#pragma once

#include <vector>

#include "flags.h"

namespace ascribo::cli {

/// One group per set of methods that share options, the largest set first. A default that differs
/// between methods is shown for each. Options that every request has are left out.
std::vector<FlagGroup> method_flags();

/// What the arguments say of request and method options, as a Request takes them.
OptionValues option_values(const Arguments& arguments);

}  // namespace ascribo::cli
