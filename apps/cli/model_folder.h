// SPDX-License-Identifier: MIT
// Which checkpoint --model means.
#pragma once

#include <filesystem>

#include "flags.h"

namespace ascribo::cli {

/// --model, for every command that opens one.
Flag model_flag();

/// --tokenizer, for models that come without one.
Flag tokenizer_flag();

/// The folder that --tokenizer means, or else --model. Errors: kNotFound.
std::filesystem::path tokenizer_folder(const Arguments& arguments);

/// The folder that --model means, or the default model's. Errors: kNotFound.
std::filesystem::path model_folder(const Arguments& arguments);

}  // namespace ascribo::cli
