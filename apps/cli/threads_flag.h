// SPDX-License-Identifier: MIT
// --threads, for every command that runs a model.
#pragma once

#include <string>

#include "flags.h"

namespace ascribo::cli {

Flag threads_flag();

/// Uses as many as are asked for. Errors: kInvalidArgument.
void use_threads(const Arguments& arguments, const std::string& command);

}  // namespace ascribo::cli
