// SPDX-License-Identifier: MIT
// Groups tokens.
#include "ascribo/text/units.h"

#include <algorithm>

namespace ascribo {
namespace {

/// Whether token `i` goes on with the word of the token before it.
bool same_word(const Encoding& encoding, std::size_t i) {
  return i > 0 && encoding.word_ids[i] && encoding.word_ids[i] == encoding.word_ids[i - 1] &&
         encoding.sides[i] == encoding.sides[i - 1];
}

}  // namespace

Units make_units(const Encoding& encoding, UnitKind kind) {
  Units result;
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    const auto token = static_cast<std::int64_t>(i);
    const auto [start, end] = encoding.offsets[i];
    if (encoding.special[i] && kind != UnitKind::kAllTokens) {
      result.special.push_back(token);
    } else if (kind == UnitKind::kWord && same_word(encoding, i)) {
      Unit& word = result.units.back();
      word.start = std::min(word.start, start);
      word.end = std::max(word.end, end);
      word.tokens.push_back(token);
    } else {
      result.units.push_back({encoding.sides[i].value_or(0), start, end, {token}});
    }
  }
  return result;
}

}  // namespace ascribo
