// SPDX-License-Identifier: MIT
// The word boundaries of Unicode (UAX 29), with punctuation always apart.
#include "ascribo/text/text_words.h"

#include <utf8proc.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "ascribo/text/character_classes.h"

namespace ascribo {
namespace {

enum class Class { kSpace, kLetter, kDigit, kKatakana, kExtend, kRegional, kPicture, kAlone };

struct Range {
  char32_t first, last;
};

// Letters that are words by themselves: hiragana, ideographs beyond BERT's blocks, and the scripts
// of South East Asia that only a dictionary can cut into words.
constexpr Range kWithoutSpaces[] = {
    {0x0E00, 0x0EFF},   {0x1000, 0x109F},   {0x1780, 0x17FF},   {0x1950, 0x19DF},
    {0x1A20, 0x1AAF},   {0x3005, 0x3007},   {0x3021, 0x3029},   {0x3041, 0x309F},
    {0xA9E0, 0xA9FF},   {0xAA60, 0xAADF},   {0xF900, 0xFAFF},   {0x1B001, 0x1B11F},
    {0x1B150, 0x1B152}, {0x1F200, 0x1F200}, {0x2F800, 0x3FFFD},
};
constexpr Range kKatakana[] = {
    {0x3031, 0x3035}, {0x309B, 0x309C}, {0x30A1, 0x30FA}, {0x30FC, 0x30FF},
    {0x31F0, 0x31FF}, {0x32D0, 0x32FE}, {0x3300, 0x3357}, {0xFF66, 0xFF9F},
};

bool contains(std::span<const Range> ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

Class class_of_ascii(char32_t c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') return Class::kLetter;
  if (c >= '0' && c <= '9') return Class::kDigit;
  return is_white_space(c) ? Class::kSpace : Class::kAlone;
}

Class class_of_letter(char32_t c) {
  if (is_ideograph(c) || contains(kWithoutSpaces, c)) return Class::kAlone;
  return contains(kKatakana, c) ? Class::kKatakana : Class::kLetter;
}

Class class_of(char32_t c) {
  if (c < 0x80) return class_of_ascii(c);
  if (is_white_space(c)) return Class::kSpace;
  const utf8proc_property_t* property = utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
  if (property->boundclass == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR) return Class::kRegional;
  if (property->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC) return Class::kPicture;
  if (c >= 0x1F3FB && c <= 0x1F3FF) return Class::kExtend;  // the colours of skin
  switch (property->category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO: return class_of_letter(c);
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF: return Class::kExtend;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL: return Class::kDigit;
    case UTF8PROC_CATEGORY_PC: return Class::kLetter;
    default: return Class::kAlone;
  }
}

bool is_of_word(Class c) { return c == Class::kLetter || c == Class::kDigit; }

/// Whether `c` between two letters, or between two digits, makes them one word.
bool joins(char32_t c, Class around) {
  constexpr std::u32string_view kLetters = U".'\u00B7\u0387\u05F4\u2018\u2019\u2024\u2027\uFF07";
  constexpr std::u32string_view kDigits = U".,;'\u066B\u066C\u2018\u2019\u2024\uFF07\uFF0C\uFF0E";
  return (around == Class::kLetter ? kLetters : kDigits).find(c) != std::u32string_view::npos;
}

/// Walks through a text and tells where a word goes on.
class Walk {
 public:
  explicit Walk(std::span<const char32_t> text) : text_(text) {
    classes_.reserve(text.size());
    for (const char32_t c : text) classes_.push_back(class_of(c));
  }

  std::vector<std::int32_t> words() {
    std::vector<std::int32_t> starts;
    for (std::size_t at = 0; at < text_.size(); ++at) {
      if (!goes_on(at)) {
        flags_ = 0;
        starts.push_back(static_cast<std::int32_t>(at));
      }
      if (classes_[at] == Class::kRegional) ++flags_;
      if (classes_[at] != Class::kExtend) base_ = at;
    }
    return starts;
  }

 private:
  bool goes_on(std::size_t at) const {
    if (at == 0) return false;
    const Class before = classes_[at - 1], here = classes_[at], base = classes_[base_];
    if (here == Class::kSpace) return true;
    if (before == Class::kSpace) return false;
    if (here == Class::kExtend) return true;
    if (here == Class::kPicture && text_[at - 1] == 0x200D) return true;
    if (here == Class::kRegional) return base == Class::kRegional && flags_ == 1;
    if (is_of_word(here)) return is_of_word(base) || after_joiner(at);
    if (here == Class::kKatakana) return base == Class::kKatakana;
    return before_joined(at);
  }

  /// Whether `at` is a mark that joins the letters or digits around it.
  bool before_joined(std::size_t at) const {
    if (at + 1 >= text_.size()) return false;
    const Class around = classes_[base_];
    return is_of_word(around) && classes_[at + 1] == around && joins(text_[at], around);
  }

  bool after_joiner(std::size_t at) const {
    if (base_ + 1 != at || base_ == 0) return false;
    std::size_t first = base_ - 1;
    while (first > 0 && classes_[first] == Class::kExtend) --first;
    return classes_[first] == classes_[at] && joins(text_[base_], classes_[at]);
  }

  std::span<const char32_t> text_;
  std::vector<Class> classes_;
  std::size_t base_ = 0;  // the last character that is not an extension of another
  int flags_ = 0;         // regional indicators of this word
};

}  // namespace

std::vector<std::int32_t> find_text_words(std::span<const char32_t> text) {
  return Walk(text).words();
}

}  // namespace ascribo
