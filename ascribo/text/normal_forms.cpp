// SPDX-License-Identifier: MIT
// Takes letters apart, puts marks in order, and puts letters together again.
#include "ascribo/text/normal_forms.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "ascribo/text/unicode.h"

namespace ascribo {
namespace {

/// A code point and how many old code points it takes the place of.
struct Piece {
  char32_t code = 0;
  std::size_t replaced = 0;
};

bool all_below(const NormalizedText& text, char32_t limit) {
  return std::all_of(text.chars().begin(), text.chars().end(),
                     [&](const NormalizedChar& c) { return c.code < limit; });
}

std::vector<Piece> decomposed(const NormalizedText& text, bool compatible) {
  std::vector<Piece> pieces;
  pieces.reserve(text.size());
  std::size_t marks = 0;  // where the run of marks that may change places begins
  const auto order_marks = [&] {
    if (pieces.size() - marks < 2) return;
    std::stable_sort(pieces.begin() + static_cast<std::ptrdiff_t>(marks), pieces.end(),
                     [](const Piece& a, const Piece& b) {
                       return combining_class(a.code) < combining_class(b.code);
                     });
  };
  for (const NormalizedChar& c : text.chars()) {
    std::size_t replaced = 1;
    for (const char32_t code : decompose(c.code, compatible)) {
      if (combining_class(code) == 0) {
        order_marks();
        marks = pieces.size() + 1;
      }
      pieces.push_back({code, replaced});
      replaced = 0;
    }
  }
  order_marks();
  return pieces;
}

std::vector<Piece> composed(const std::vector<Piece>& pieces) {
  std::vector<Piece> whole;
  whole.reserve(pieces.size());
  std::optional<std::size_t> starter;  // the letter in `whole` that marks may join
  int last_class = 0;                  // of the mark before, if it did not join
  for (const Piece& piece : pieces) {
    const int mark_class = combining_class(piece.code);
    const bool blocked = last_class != 0 && last_class >= mark_class;
    if (starter && !blocked) {
      if (const auto code = compose(whole[*starter].code, piece.code)) {
        whole[*starter] = {*code, whole[*starter].replaced + piece.replaced};
        continue;
      }
    }
    if (mark_class == 0) starter = whole.size();
    last_class = starter ? mark_class : 0;
    whole.push_back(piece);
  }
  return whole;
}

void rewrite(NormalizedText& text, const std::vector<Piece>& pieces) {
  std::vector<NormalizedText::Edit> edits;
  edits.reserve(pieces.size());
  for (const auto& [code, replaced] : pieces) {
    edits.push_back({code, replaced == 0, replaced > 1 ? replaced - 1 : 0});
  }
  text.rewrite(edits);
}

}  // namespace

void to_nfd(NormalizedText& text) {
  if (!all_below(text, 0xC0)) rewrite(text, decomposed(text, false));
}

void to_nfc(NormalizedText& text) {
  if (!all_below(text, 0x300)) rewrite(text, composed(decomposed(text, false)));
}

void to_nfkd(NormalizedText& text) {
  if (!all_below(text, 0xA0)) rewrite(text, decomposed(text, true));
}

void to_nfkc(NormalizedText& text) {
  if (!all_below(text, 0xA0)) rewrite(text, composed(decomposed(text, true)));
}

}  // namespace ascribo
