// SPDX-License-Identifier: MIT
// Help made from the same declarations as the flags.
#pragma once

#include <string>

#include "flags.h"

namespace ascribo::cli {

/// The whole help of a command, wrapped to `width` columns.
std::string help_text(const CommandLine& line, int width);

/// One group of flags, as in the help.
std::string group_text(const FlagGroup& group, int width);

/// Words of `text` on lines of at most `width` columns, each indented by `indent`.
std::string wrapped(std::string_view text, int indent, int width);

}  // namespace ascribo::cli
