// SPDX-License-Identifier: MIT
// What was written, as JSON and in a terminal.
#pragma once

#include <string>
#include <string_view>

#include "ascribo/ascribo.h"

namespace ascribo::cli {

/// One line; docs/reference/generation.md has the fields.
std::string generation_json(const Generation& generation);

/// Text that cannot steer a terminal: control characters but tab and line end become U+FFFD.
std::string harmless(std::string_view text);

/// The lines below the text: why it ended, and the notes.
std::string ending_text(const Generation& generation);

}  // namespace ascribo::cli
