// SPDX-License-Identifier: MIT
// UTF-8: is it valid, and where do its code points stand?
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ascribo {

/// The position of the first byte that does not begin or continue a valid code point (Unicode
/// table 3-7: no surrogates, no overlong forms, nothing past U+10FFFF); empty when all is valid.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

struct CodePoint {
  char32_t value = 0;
  std::size_t byte = 0;  ///< where its first byte stands
};

/// Every code point of valid UTF-8. Errors: kBadText naming the byte, for invalid text.
std::vector<CodePoint> decode_utf8(std::string_view text, std::string_view where = "text");

/// Appends the bytes of a code point.
void append_utf8(std::string& text, char32_t code_point);

/// The number of code points; the text must be valid.
std::int64_t count_code_points(std::string_view text);

/// The code points [begin, end) of valid text; ends past the text are cut to it. Linear time.
std::string_view slice_code_points(std::string_view text, std::int64_t begin, std::int64_t end);

/// The text with U+FFFD in the place of each longest stretch that begins a code point and does not
/// go on, and of each byte that begins none.
std::string replace_invalid_utf8(std::string_view text);

/// Throws kBadText, saying where, for text that is not valid UTF-8.
void require_utf8(std::string_view text, std::string_view where);

}  // namespace ascribo
