// SPDX-License-Identifier: MIT
// What `ascribo train` may be told.
#pragma once

#include "flags.h"

namespace ascribo::cli {

CommandLine train_flags();

/// Also sets the number of threads. Errors: kInvalidArgument and kUnknownName for values that
/// cannot be used.
FineTuning training_request(const Arguments& arguments);

}  // namespace ascribo::cli
