// SPDX-License-Identifier: MIT
// What `ascribo explain` takes.
#pragma once

#include "flags.h"

namespace ascribo::cli {

CommandLine explain_flags();

}  // namespace ascribo::cli
