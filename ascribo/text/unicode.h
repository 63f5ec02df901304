// SPDX-License-Identifier: MIT
// Lower case, decomposition and word characters of single code points.
#pragma once

#include <cstddef>
#include <optional>

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
/// `compatible` also takes apart ligatures, widths, fractions and the like.
CodePoints decompose(char32_t c, bool compatible = false);

/// The code point that two make up together, if there is one; of Unicode 9 as well.
std::optional<char32_t> compose(char32_t first, char32_t second);

int combining_class(char32_t c);

/// Marks that stand with a letter: the categories M* of Unicode 9.
bool is_combining_mark(char32_t c);

/// Digits of every script and all other numbers: the categories N*.
bool is_number(char32_t c);

/// What a regular expression calls \w: letters, marks, decimal digits, connectors, joiners.
bool is_word_character(char32_t c);

/// Rewrites a text in lower case.
void to_lower_case(NormalizedText& text);

}  // namespace ascribo
