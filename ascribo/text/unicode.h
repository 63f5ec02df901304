// SPDX-License-Identifier: MIT
// Lower case, decomposition and word characters of single code points.
#pragma once

#include <cstddef>
#include <span>

#include "ascribo/text/normalized_text.h"

namespace ascribo {

/// At most a few code points that one code point turns into.
struct CodePoints {
  char32_t codes[18] = {};
  std::size_t count = 0;
  const char32_t* begin() const { return codes; }
  const char32_t* end() const { return codes + count; }
};

/// Full lower case without context or language: U+0130 gives two code points, a final sigma is
/// like any other.
CodePoints lower_case(char32_t c);

/// Full canonical decomposition of one code point (itself where it has none). This and the
/// combining class are those of Unicode 9, as in the reference tokenizers.
CodePoints decompose(char32_t c);

int combining_class(char32_t c);

/// What a regular expression calls \w: letters, marks, decimal digits, connectors, joiners.
bool is_word_character(char32_t c);

/// Rewrites a text in lower case.
void to_lower_case(NormalizedText& text);

/// Rewrites a text in Unicode normal form D.
void to_nfd(NormalizedText& text);

}  // namespace ascribo
