// SPDX-License-Identifier: MIT
// What a score can belong to: the tokens of an encoding, grouped.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"
#include "ascribo/text/encoding.h"

namespace ascribo {

enum class UnitKind {
  kAllTokens,  ///< every token, those of the template too
  kToken,      ///< every token of the text and pair
  kWord,       ///< what the tokenizer takes for a word
  kTextWord,   ///< what a reader takes for a word
  kClause,
  kSentence,
  kSpan,  ///< stretches that the user names; no work for make_units
};

template <>
struct EnumNames<UnitKind> {
  static constexpr std::array<std::string_view, 7> kNames = {
      "all_tokens", "token", "word", "text_word", "clause", "sentence", "span"};
};

/// A stretch of one side, from the first to the last code point of its tokens.
struct Unit {
  int side = 0;  ///< 0 text, 1 pair, 2 continuation; 0 for template tokens, with start = end = 0
  std::int64_t start = 0, end = 0;
  std::vector<std::int64_t> tokens;  ///< indices into the encoding, ascending
};

struct Units {
  std::vector<Unit> units;            ///< in the order of their first token
  std::vector<std::int64_t> special;  ///< template tokens that are in no unit
};

/// Every token is in exactly one unit or among the special ones. A unit never spans two sides.
/// `text`, `pair` and `output` (the continuation) are those that the offsets count in; only the
/// last three of its kinds read them. A token belongs to the part of the text in which its first
/// character lies; white space goes with what follows it.
Units make_units(const Encoding& encoding, UnitKind kind, std::string_view text = {},
                 std::string_view pair = {}, std::string_view output = {});

}  // namespace ascribo
