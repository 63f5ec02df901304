// SPDX-License-Identifier: MIT
// Asks utf8proc, and evens out what depends on its version.
#include "ascribo/text/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <span>
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

struct Range {
  char32_t first, last;
};

// The reference normalises with the tables of Unicode 9: letters that came later stay whole, and
// marks that came later stay where they are. The third list holds the stretches between the
// marks of Unicode 9 that change places in which later versions put others, the fourth those
// between all marks.
constexpr Range kLaterLetters[] = {
    {0x105C9, 0x105C9}, {0x105E4, 0x105E4}, {0x11383, 0x11391}, {0x113C5, 0x113C8},
    {0x11938, 0x11938}, {0x16121, 0x16128}, {0x16D68, 0x16D6A},
};
constexpr Range kLaterCompatible[] = {
    {0x32FF, 0x32FF},   {0xA7F1, 0xA7F4},   {0xAB69, 0xAB69},   {0x10780, 0x107BF},
    {0x1CCD6, 0x1CCF9}, {0x1E030, 0x1E06D}, {0x1F16C, 0x1F16C}, {0x1FBF0, 0x1FBF9},
};
constexpr Range kLaterMarks[] = {
    {0x07F4, 0x0815},   {0x085C, 0x08D3},   {0x09CE, 0x0A3B},   {0x0BCE, 0x0C4C},
    {0x0CCE, 0x0D4C},   {0x0EBA, 0x0EC7},   {0x1715, 0x1733},   {0x1ABE, 0x1B33},
    {0x1DF6, 0x1DFA},   {0xA807, 0xA8C3},   {0x10AE7, 0x11045}, {0x11047, 0x1107E},
    {0x112EB, 0x1133B}, {0x11375, 0x11441}, {0x11447, 0x114C1}, {0x1172C, 0x11C3E},
    {0x11C40, 0x16AEF}, {0x16B37, 0x1BC9D}, {0x1E02B, 0x1E8CF},
};
constexpr Range kLaterCombining[] = {
    {0x07FD, 0x07FD},   {0x0898, 0x08D3},   {0x09FE, 0x09FE},   {0x0AFA, 0x0AFF},
    {0x0B55, 0x0B55},   {0x0C04, 0x0C3C},   {0x0CF3, 0x0D00},   {0x0D3B, 0x0D3C},
    {0x0D81, 0x0D81},   {0x0EBA, 0x0EBA},   {0x0ECE, 0x0ECE},   {0x1715, 0x1715},
    {0x180F, 0x180F},   {0x1ABF, 0x1ACE},   {0x1CF7, 0x1CF7},   {0x1DF6, 0x1DFA},
    {0xA82C, 0xA82C},   {0xA8FF, 0xA8FF},   {0x10D24, 0x10F85}, {0x11070, 0x11074},
    {0x110C2, 0x110C2}, {0x11145, 0x11146}, {0x111C9, 0x111C9}, {0x111CE, 0x111CF},
    {0x11241, 0x11241}, {0x1133B, 0x1133B}, {0x1145E, 0x1145E}, {0x1182C, 0x11A99},
    {0x11D31, 0x13455}, {0x16F4F, 0x16F4F}, {0x16F7F, 0x16F87}, {0x16FE4, 0x16FF1},
    {0x1CF00, 0x1CF46}, {0x1E08F, 0x1E4EF},
};

// Digits of Unicode 15.1 to 17, which the reference knows and older utf8proc does not.
constexpr Range kRecentNumbers[] = {
    {0x10D40, 0x10D49}, {0x116D0, 0x116E3}, {0x11BF0, 0x11BF9},
    {0x11DE0, 0x11DE9}, {0x16130, 0x16139}, {0x16D70, 0x16D79},
    {0x16FF4, 0x16FF6}, {0x1CCF0, 0x1CCF9}, {0x1E5F1, 0x1E5FA},
};

// Letters, marks and digits of Unicode 15.1 and 16, which the reference's regular expressions know
// and older utf8proc does not.
constexpr Range kRecentWordCharacters[] = {
    {0x0897, 0x0897},   {0x1C89, 0x1C8A},   {0xA7CB, 0xA7CD},   {0xA7DA, 0xA7DC},
    {0x105C0, 0x105F3}, {0x10D40, 0x10D65}, {0x10D69, 0x10D6D}, {0x10D6F, 0x10D85},
    {0x10EC2, 0x10EC4}, {0x10EFC, 0x10EFC}, {0x11380, 0x11389}, {0x1138B, 0x1138B},
    {0x1138E, 0x1138E}, {0x11390, 0x113B5}, {0x113B7, 0x113C0}, {0x113C2, 0x113C2},
    {0x113C5, 0x113C5}, {0x113C7, 0x113CA}, {0x113CC, 0x113D3}, {0x113E1, 0x113E2},
    {0x116D0, 0x116E3}, {0x11BC0, 0x11BE0}, {0x11BF0, 0x11BF9}, {0x11F5A, 0x11F5A},
    {0x13460, 0x143FA}, {0x16100, 0x16139}, {0x16D40, 0x16D6C}, {0x16D70, 0x16D79},
    {0x18CFF, 0x18CFF}, {0x1CCF0, 0x1CCF9}, {0x1E5D0, 0x1E5FA}, {0x2EBF0, 0x2EE5D},
};

bool contains(std::span<const Range> ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

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

CodePoints decompose(char32_t c, bool compatible) {
  if (c < (compatible ? 0xA0U : 0xC0U)) return single(c);
  if (contains(kLaterLetters, c)) return single(c);
  if (compatible && contains(kLaterCompatible, c)) return single(c);
  CodePoints out;
  utf8proc_int32_t codes[std::size(out.codes)];
  int boundary = 0;
  const int options = UTF8PROC_DECOMPOSE | (compatible ? UTF8PROC_COMPAT : 0);
  const utf8proc_ssize_t count =
      utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), codes, std::size(codes),
                              static_cast<utf8proc_option_t>(options), &boundary);
  if (count <= 0 || static_cast<std::size_t>(count) > std::size(codes)) return single(c);
  out.count = static_cast<std::size_t>(count);
  std::transform(codes, codes + count, out.codes,
                 [](utf8proc_int32_t code) { return static_cast<char32_t>(code); });
  return out;
}

std::optional<char32_t> compose(char32_t first, char32_t second) {
  // Nothing below composes with what is before it; utf8proc lets an empty final of Hangul do so.
  if (second < 0x300 || second == 0x11A7) return {};
  utf8proc_int32_t pair[] = {static_cast<utf8proc_int32_t>(first),
                             static_cast<utf8proc_int32_t>(second)};
  constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  if (utf8proc_normalize_utf32(pair, 2, kOptions) != 1) return {};
  const auto composed = static_cast<char32_t>(pair[0]);
  if (contains(kLaterLetters, composed)) return {};
  return composed;
}

int combining_class(char32_t c) {
  if (c < 0x300) return 0;
  const int value = utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->combining_class;
  return value != 0 && contains(kLaterMarks, c) ? 0 : value;
}

bool is_combining_mark(char32_t c) {
  if (c < 0x300) return false;
  if (c == 0x1CF2 || c == 0x1CF3) return true;  // letters since Unicode 12
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME: return !contains(kLaterCombining, c);
    default: return false;
  }
}

bool is_number(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9';
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return true;
    default: return contains(kRecentNumbers, c);
  }
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
  if (contains(kRecentWordCharacters, c)) return true;
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

}  // namespace ascribo
