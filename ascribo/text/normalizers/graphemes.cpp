// SPDX-License-Identifier: MIT
// The grapheme rules of Unicode (UAX 29), with the classes of utf8proc and what it does not know.
#include "ascribo/text/normalizers/graphemes.h"

#include <utf8proc.h>

#include <algorithm>
#include <iterator>
#include <span>

namespace ascribo {
namespace {

struct Range {
  char32_t first, last;
};

// Marks of Unicode 15.1 to 17, and letters of Indic scripts, which a linker joins to the letter
// before it. Older utf8proc has neither. Its pictures may differ from those of the reference, which
// changes no normalisation: they have no replacements.
constexpr Range kRecentMarks[] = {
    {0x0897, 0x0897},   {0x1ACF, 0x1ADD},   {0x1AE0, 0x1AEB},   {0x10D69, 0x10D6D},
    {0x10EFA, 0x10EFC}, {0x113B8, 0x113C0}, {0x113C2, 0x113C2}, {0x113C5, 0x113C5},
    {0x113C7, 0x113CA}, {0x113CC, 0x113D0}, {0x113D2, 0x113D2}, {0x113E1, 0x113E2},
    {0x11B60, 0x11B67}, {0x11F5A, 0x11F5A}, {0x1611E, 0x1612F}, {0x1E5EE, 0x1E5EF},
    {0x1E6E3, 0x1E6E3}, {0x1E6E6, 0x1E6E6}, {0x1E6EE, 0x1E6EF}, {0x1E6F5, 0x1E6F5},
};
constexpr Range kConsonants[] = {
    {0x0915, 0x0939}, {0x0958, 0x095F}, {0x0978, 0x097F}, {0x0995, 0x09A8}, {0x09AA, 0x09B0},
    {0x09B2, 0x09B2}, {0x09B6, 0x09B9}, {0x09DC, 0x09DD}, {0x09DF, 0x09DF}, {0x09F0, 0x09F1},
    {0x0A95, 0x0AA8}, {0x0AAA, 0x0AB0}, {0x0AB2, 0x0AB3}, {0x0AB5, 0x0AB9}, {0x0AF9, 0x0AF9},
    {0x0B15, 0x0B28}, {0x0B2A, 0x0B30}, {0x0B32, 0x0B33}, {0x0B35, 0x0B39}, {0x0B5C, 0x0B5D},
    {0x0B5F, 0x0B5F}, {0x0B71, 0x0B71}, {0x0C15, 0x0C28}, {0x0C2A, 0x0C39}, {0x0C58, 0x0C5A},
    {0x0D15, 0x0D3A}, {0x1000, 0x102A}, {0x103F, 0x103F}, {0x1050, 0x1055}, {0x105A, 0x105D},
    {0x1061, 0x1061}, {0x1065, 0x1066}, {0x106E, 0x1070}, {0x1075, 0x1081}, {0x108E, 0x108E},
    {0x1780, 0x17B3}, {0x1A20, 0x1A54}, {0x1B0B, 0x1B0C}, {0x1B13, 0x1B33}, {0x1B45, 0x1B4C},
    {0x1B83, 0x1BA0}, {0x1BAE, 0x1BAF}, {0x1BBB, 0x1BBD}, {0xA989, 0xA98B}, {0xA98F, 0xA9B2},
    {0xA9E0, 0xA9E4}, {0xA9E7, 0xA9EF}, {0xA9FA, 0xA9FE}, {0xAA60, 0xAA6F}, {0xAA71, 0xAA73},
    {0xAA7A, 0xAA7A}, {0xAA7E, 0xAA7F}, {0xAAE0, 0xAAEA}, {0xABC0, 0xABDA},
};
constexpr char32_t kLinkers[] = {
    0x094D, 0x09CD, 0x0ACD, 0x0B4D,  0x0C4D,  0x0D4D,  0x1039,  0x17D2,  0x1A60,  0x1B44,
    0x1BAB, 0xA9C0, 0xAAF6, 0x10A3F, 0x11133, 0x113D0, 0x1193E, 0x11A47, 0x11A99, 0x11F42,
};

bool contains(std::span<const Range> ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

int class_of(char32_t c) {
  if (c < 0x80) {
    if (c == '\r') return UTF8PROC_BOUNDCLASS_CR;
    if (c == '\n') return UTF8PROC_BOUNDCLASS_LF;
    return c < 0x20 || c == 0x7F ? UTF8PROC_BOUNDCLASS_CONTROL : UTF8PROC_BOUNDCLASS_OTHER;
  }
  if (c == 0x2065 || (c >= 0xFFF0 && c <= 0xFFF8)) return UTF8PROC_BOUNDCLASS_CONTROL;
  if (c == 0x113D1) return UTF8PROC_BOUNDCLASS_PREPEND;
  if (c == 0x11A3A) return UTF8PROC_BOUNDCLASS_OTHER;
  const int known = utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->boundclass;
  if (known == UTF8PROC_BOUNDCLASS_OTHER || known == UTF8PROC_BOUNDCLASS_CONTROL) {
    if (contains(kRecentMarks, c)) return UTF8PROC_BOUNDCLASS_EXTEND;
  }
  return known;
}

bool is_consonant(char32_t c) { return c >= 0x900 && contains(kConsonants, c); }
bool is_linker(char32_t c) {
  return c >= 0x900 && std::find(std::begin(kLinkers), std::end(kLinkers), c) != std::end(kLinkers);
}

/// Follows a cluster from its first code point on.
class Cluster {
 public:
  explicit Cluster(char32_t first) : last_(class_of(first)) { note(first); }

  /// Whether the next code point belongs to the cluster, too; if so, it is its last now.
  bool takes(char32_t c) {
    const int next = class_of(c);
    if (!joins(c, next)) return false;
    flags_ = last_ == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR ? 2 : 1;
    last_ = next;
    note(c);
    return true;
  }

 private:
  bool joins(char32_t c, int next) const {
    switch (last_) {
      case UTF8PROC_BOUNDCLASS_CR: return next == UTF8PROC_BOUNDCLASS_LF;
      case UTF8PROC_BOUNDCLASS_LF:
      case UTF8PROC_BOUNDCLASS_CONTROL: return false;
      default: break;
    }
    switch (next) {
      case UTF8PROC_BOUNDCLASS_CR:
      case UTF8PROC_BOUNDCLASS_LF:
      case UTF8PROC_BOUNDCLASS_CONTROL: return false;
      case UTF8PROC_BOUNDCLASS_EXTEND:
      case UTF8PROC_BOUNDCLASS_ZWJ:
      case UTF8PROC_BOUNDCLASS_SPACINGMARK: return true;
      default: break;
    }
    if (last_ == UTF8PROC_BOUNDCLASS_PREPEND) return true;
    if (linked_ && is_consonant(c)) return true;
    if (next == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC) {
      return picture_ && last_ == UTF8PROC_BOUNDCLASS_ZWJ;
    }
    if (next == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR) {
      return last_ == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR && flags_ == 1;
    }
    return joins_syllable(next);
  }

  bool joins_syllable(int next) const {
    const bool vowel = next == UTF8PROC_BOUNDCLASS_V, trail = next == UTF8PROC_BOUNDCLASS_T;
    switch (last_) {
      case UTF8PROC_BOUNDCLASS_L:
        return vowel || next == UTF8PROC_BOUNDCLASS_L || next == UTF8PROC_BOUNDCLASS_LV ||
               next == UTF8PROC_BOUNDCLASS_LVT;
      case UTF8PROC_BOUNDCLASS_LV:
      case UTF8PROC_BOUNDCLASS_V: return vowel || trail;
      case UTF8PROC_BOUNDCLASS_LVT:
      case UTF8PROC_BOUNDCLASS_T: return trail;
      default: return false;
    }
  }

  void note(char32_t c) {
    const bool mark = last_ == UTF8PROC_BOUNDCLASS_EXTEND || last_ == UTF8PROC_BOUNDCLASS_ZWJ;
    picture_ = last_ == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC || (picture_ && mark);
    if (is_consonant(c)) {
      consonant_ = true;
      linked_ = false;
    } else if (consonant_ && is_linker(c)) {
      linked_ = true;
    } else if (!mark || c == 0x200C) {
      consonant_ = linked_ = false;
    }
  }

  int last_;
  int flags_ = 1;           // regional indicators, if the last one is any
  bool picture_ = false;    // a picture and marks after it
  bool consonant_ = false;  // an Indic letter and marks after it
  bool linked_ = false;     // a linker among those
};

}  // namespace

std::size_t grapheme_end(const NormalizedText& text, std::size_t at) {
  std::size_t end = at + 1;
  // Most texts are mostly of these, which stand alone.
  const auto plain = [](char32_t c) { return c >= 0x20 && c < 0x7F; };
  if (end == text.size() || (plain(text[at]) && plain(text[end]))) return end;
  Cluster cluster(text[at]);
  while (end < text.size() && cluster.takes(text[end])) ++end;
  return end;
}

}  // namespace ascribo
