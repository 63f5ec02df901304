// SPDX-License-Identifier: MIT
// Makes any text safe inside LaTeX.
#pragma once

#include <string>
#include <string_view>

namespace ascribo {

/// For running text: made visible (see visible()); characters that mean something to TeX are
/// written as commands, and those it would join to others (`--`, `''`) are kept apart. A space
/// after a space and a space at an end are `\ `, a newline is `\newline `.
std::string escape_latex(std::string_view text);

}  // namespace ascribo
