// SPDX-License-Identifier: MIT
// Which checkpoint --model means.
#pragma once

#include <filesystem>

#include "flags.h"

namespace ascribo::cli {

/// --model, for every command that opens one.
Flag model_flag();

/// The folder that --model names; a name without a slash that is no folder here is looked up among
/// the models that ship with the project. Without the flag the default model. Errors: kNotFound.
std::filesystem::path model_folder(const Arguments& arguments);

}  // namespace ascribo::cli
