// SPDX-License-Identifier: MIT
// Makes text safe to print: nothing in it can command the terminal or reorder what is read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ascribo {

/// The code point at the start of `text` (not empty) and its bytes; a byte that is no UTF-8 is
/// U+FFFD of length 1.
struct Decoded {
  char32_t value;
  std::size_t length;
};
Decoded decode_first(std::string_view text);

enum class Newlines { kKeep, kShow };

/// The text with control characters shown as their pictures (escape is ␛, tab is ␉) and with
/// bidirectional controls and C1 controls as <U+202E>; what is no UTF-8 becomes U+FFFD.
std::string visible(std::string_view text, Newlines newlines = Newlines::kShow);

}  // namespace ascribo
