// SPDX-License-Identifier: MIT
// Bytes as visible characters, the alphabet of byte-level tokenizers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ascribo/text/encoding.h"
#include "ascribo/text/normalized_text.h"

namespace ascribo {

/// The character that stands for a byte: itself where it is a visible character of Latin-1, else
/// one from U+0100 on. A space is U+0120.
char32_t byte_level_character(std::uint8_t byte);
/// The way back; empty for a character that stands for no byte.
std::optional<std::uint8_t> byte_level_byte(char32_t character);

/// Writes a text as the characters of its UTF-8 bytes; all those of a code point share its range.
void to_byte_level(NormalizedText& text);

/// Takes the white space at the ends of each token out of its offsets. With `add_prefix_space` a
/// single space at the start of the text is left alone, since it may be none of the text's own.
void trim_offsets(Encoding& encoding, bool add_prefix_space);

}  // namespace ascribo
