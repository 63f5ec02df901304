// SPDX-License-Identifier: MIT
// Which checkpoint --model means.
#pragma once

#include <filesystem>

#include "flags.h"

namespace ascribo::cli {

/// --model, for every command that opens one.
Flag model_flag();

/// The folder that --model means, or the default model's. Errors: kNotFound.
std::filesystem::path model_folder(const Arguments& arguments);

}  // namespace ascribo::cli
