// SPDX-License-Identifier: MIT
// The words of a text as a reader sees them, whatever tokenizer comes after.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ascribo {

/// Where each word begins, ascending and from 0 on (empty for an empty text). White space belongs
/// to the word before it. Letters, digits and what connects them are words, so are numbers such as
/// 1,000.5 and contractions such as don't; every other character is a word by itself, and so is
/// each character of the scripts that are written without spaces. Combining marks, joined emoji and
/// flags stay whole.
std::vector<std::int32_t> find_text_words(std::span<const char32_t> text);

}  // namespace ascribo
