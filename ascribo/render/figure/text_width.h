// SPDX-License-Identifier: MIT
// How wide text is in the sans-serif fonts that share Helvetica's widths (Arial, Liberation Sans).
#pragma once

#include <string_view>

namespace ascribo {

/// In units of the font's size. An estimate outside ASCII.
double text_width(std::string_view text);

}  // namespace ascribo
