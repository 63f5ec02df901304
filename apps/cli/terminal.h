// SPDX-License-Identifier: MIT
// What is on the other end of an output: a terminal or not, how wide, which colours.
#pragma once

#include <string_view>

#include "ascribo/ascribo.h"

namespace ascribo::cli {

enum class ColorChoice { kAuto, kAlways, kNever };

bool is_terminal(int descriptor);

/// Columns of a terminal; COLUMNS or 80 where it is not one.
int terminal_width(int descriptor);

/// The colours to use on an output: none unless it is a terminal and NO_COLOR is unset or empty,
/// then as COLORTERM and TERM say. kAlways skips both conditions and gives at least 256 colours.
ColorDepth color_depth(ColorChoice choice, bool terminal);

/// Light when COLORFGBG says that the terminal's background is light, else dark.
Ground terminal_ground();

}  // namespace ascribo::cli
