// SPDX-License-Identifier: MIT
// Asks utf8proc, and evens out what depends on its version.
#include "ascribo/text/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <vector>

#include "ascribo/base/assert.h"

namespace ascribo {
namespace {

// Letters of Unicode 16 and 17, which the reference lowers and older utf8proc does not know.
struct LowerCase {
  char32_t first, last;
  std::int32_t shift;
};
constexpr LowerCase kRecentLowerCase[] = {
    {0x1C89, 0x1C89, 1},      {0xA7CB, 0xA7CB, -0xA567}, {0xA7CC, 0xA7CC, 1},
    {0xA7CE, 0xA7CE, 1},      {0xA7D2, 0xA7D2, 1},       {0xA7D4, 0xA7D4, 1},
    {0xA7DA, 0xA7DA, 1},      {0xA7DC, 0xA7DC, -0xA641}, {0x10D50, 0x10D65, 0x20},
    {0x16EA0, 0x16EB8, 0x1B},
};

// Letters with a decomposition that came after the reference's tables: it leaves them whole.
struct Range {
  char32_t first, last;
};
constexpr Range kWhole[] = {
    {0x105C9, 0x105C9}, {0x105E4, 0x105E4}, {0x11383, 0x11391}, {0x113C5, 0x113C8},
    {0x11938, 0x11938}, {0x16121, 0x16128}, {0x16D68, 0x16D6A},
};

CodePoints single(char32_t c) { return {{c}, 1}; }

}  // namespace

CodePoints lower_case(char32_t c) {
  if (c < 0x80) return single(c >= 'A' && c <= 'Z' ? c + 32 : c);
  if (c == 0x130) return {{'i', 0x307}, 2};
  for (const LowerCase& recent : kRecentLowerCase) {
    if (c >= recent.first && c <= recent.last) {
      return single(static_cast<char32_t>(static_cast<std::int32_t>(c) + recent.shift));
    }
  }
  return single(static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))));
}

CodePoints decompose(char32_t c) {
  if (c < 0xC0) return single(c);
  for (const Range& range : kWhole) {
    if (c >= range.first && c <= range.last) return single(c);
  }
  CodePoints out;
  utf8proc_int32_t codes[std::size(out.codes)];
  int boundary = 0;
  const utf8proc_ssize_t count = utf8proc_decompose_char(
      static_cast<utf8proc_int32_t>(c), codes, std::size(codes), UTF8PROC_DECOMPOSE, &boundary);
  if (count <= 0 || static_cast<std::size_t>(count) > std::size(codes)) return single(c);
  out.count = static_cast<std::size_t>(count);
  std::transform(codes, codes + count, out.codes,
                 [](utf8proc_int32_t code) { return static_cast<char32_t>(code); });
  return out;
}

int combining_class(char32_t c) {
  if (c < 0x300) return 0;
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->combining_class;
}

bool is_word_character(char32_t c) {
  if (c < 0x80) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= 'a' && c <= 'z');
  }
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC: return true;
    default: break;
  }
  const bool joiner = c == 0x200C || c == 0x200D;
  const bool circled_letter = (c >= 0x24B6 && c <= 0x24E9) || (c >= 0x1F130 && c <= 0x1F149) ||
                              (c >= 0x1F150 && c <= 0x1F169) || (c >= 0x1F170 && c <= 0x1F189);
  return joiner || circled_letter;
}

void to_lower_case(NormalizedText& text) {
  std::vector<NormalizedText::Edit> edits;
  edits.reserve(text.size());
  for (const NormalizedChar& c : text.chars()) {
    bool inserted = false;
    for (char32_t code : lower_case(c.code)) {
      edits.push_back({code, inserted});
      inserted = true;
    }
  }
  text.rewrite(edits);
}

void to_nfd(NormalizedText& text) {
  std::vector<NormalizedText::Edit> edits;
  edits.reserve(text.size());
  std::size_t marks = 0;  // where the run of marks that may change places begins
  const auto order_marks = [&] {
    if (edits.size() - marks < 2) return;
    std::stable_sort(edits.begin() + static_cast<std::ptrdiff_t>(marks), edits.end(),
                     [](const auto& a, const auto& b) {
                       return combining_class(a.code) < combining_class(b.code);
                     });
  };
  for (const NormalizedChar& c : text.chars()) {
    bool inserted = false;
    for (char32_t code : decompose(c.code)) {
      if (combining_class(code) == 0) {
        order_marks();
        marks = edits.size() + 1;
      }
      edits.push_back({code, inserted});
      inserted = true;
    }
  }
  order_marks();
  text.rewrite(edits);
}

}  // namespace ascribo
