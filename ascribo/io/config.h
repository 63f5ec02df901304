// SPDX-License-Identifier: MIT
// The JSON files of a checkpoint folder: config.json, tokenizer.json and the like.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "ascribo/base/json.h"

namespace ascribo {

/// The document in `folder`/`name`. Errors (naming the path): kNotFound, kIo, kBadFile.
Json read_config(const std::filesystem::path& folder, std::string_view name);

/// The same, or nothing when there is no such file. `folder` may also be the file of a Flair
/// classifier: then what it carries under that name.
std::optional<Json> find_config(const std::filesystem::path& folder, std::string_view name);

}  // namespace ascribo
