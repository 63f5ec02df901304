// SPDX-License-Identifier: MIT
// Sentence ends by punctuation, and the full stops that end none.
#include "ascribo/text/sentences.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "ascribo/text/character_classes.h"
#include "ascribo/text/unicode.h"

namespace ascribo {
namespace {

using Set = std::u32string_view;
constexpr Set kStops =
    U".!?\u2026\u203C\u2047\u2048\u2049\u061F\u06D4\u0964\u0965\u0589\u1362\u104B\u17D4";
constexpr Set kPauses = U",;:\u060C\u061B\u1363\u1364";
constexpr Set kWideStops = U"\u3002\uFF01\uFF1F\uFF0E\uFF61";
constexpr Set kWidePauses = U"\uFF0C\u3001\uFF1B\uFF1A\uFF64";
constexpr Set kClosers =
    U"\"')]}\u00BB\u2019\u201D\u203A\u300D\u300F\u3011\u3009\u300B\uFF09\uFF3D";
constexpr Set kOpeners = U"\"'([{\u00AB\u00BF\u00A1\u2018\u201C\u201E\u2039";

bool has(Set set, char32_t c) { return set.find(c) != Set::npos; }

// In lower case, in the order of the alphabet. Single letters with full stops (e.g., U.S.) need no
// entry.
constexpr Set kAbbreviations[] = {
    U"adm.", U"al.",   U"approx.", U"apt.",  U"assn.", U"aug.", U"ave.",  U"b.sc.", U"bros.",
    U"bzw.", U"ca.",   U"capt.",   U"cf.",   U"co.",   U"col.", U"corp.", U"dec.",  U"dept.",
    U"dr.",  U"ed.",   U"env.",    U"esp.",  U"est.",  U"etc.", U"ex.",   U"feb.",  U"ft.",
    U"gen.", U"gov.",  U"hon.",    U"inc.",  U"jan.",  U"jr.",  U"lt.",   U"ltd.",  U"m.sc.",
    U"maj.", U"max.",  U"messrs.", U"min.",  U"mme.",  U"mr.",  U"mrs.",  U"ms.",   U"mt.",
    U"nb.",  U"nov.",  U"oct.",    U"ph.d.", U"prof.", U"ref.", U"rep.",  U"resp.", U"rev.",
    U"sen.", U"sept.", U"sgt.",    U"sr.",   U"st.",   U"usw.", U"viz.",  U"vs.",
};
// These do not end a sentence where a number follows.
constexpr Set kBeforeNumbers[] = {
    U"art.", U"ch.", U"eq.", U"fig.", U"no.", U"nos.", U"nr.", U"p.", U"pp.", U"sec.", U"vol.",
};

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_letter(char32_t c) { return is_word_character(c) && !is_digit(c) && c != '_'; }

bool is_upper_case(char32_t c) {
  const CodePoints lower = lower_case(c);
  return lower.count != 1 || lower.codes[0] != c;
}
bool is_lower_case(char32_t c) { return is_letter(c) && !is_upper_case(c) && c < 0x2000; }

/// Goes through a text and collects where its parts begin.
class Cutter {
 public:
  Cutter(std::span<const char32_t> text, bool clauses) : text_(text), clauses_(clauses) {}

  std::vector<std::int32_t> cut() {
    if (!text_.empty()) starts_.push_back(0);
    for (std::size_t at = 0; at < text_.size();) {
      if (const std::size_t next = after_empty_line(at); next > at) {
        begin_at(next);
        at = next;
      } else if (ends_part(text_[at])) {
        at = after_stop(at);
      } else {
        ++at;
      }
    }
    return starts_;
  }

 private:
  bool ends_part(char32_t c) const {
    return has(kStops, c) || has(kWideStops, c) ||
           (clauses_ && (has(kPauses, c) || has(kWidePauses, c)));
  }

  void begin_at(std::size_t at) {
    const auto start = static_cast<std::int32_t>(at);
    if (at < text_.size() && start > starts_.back()) starts_.push_back(start);
  }

  std::size_t skip_space(std::size_t at) const {
    while (at < text_.size() && is_white_space(text_[at])) ++at;
    return at;
  }

  /// Past the white space at `at`, if an empty line is in it; else `at`.
  std::size_t after_empty_line(std::size_t at) const {
    if (text_[at] != '\n' && text_[at] != '\r' && text_[at] != 0x2029) return at;
    const std::size_t end = skip_space(at);
    int lines = 0;
    for (std::size_t i = at; i < end; ++i) {
      if (text_[i] == 0x2029) lines += 2;
      if (text_[i] == '\n' || (text_[i] == '\r' && (i + 1 == end || text_[i + 1] != '\n'))) ++lines;
    }
    return lines >= 2 ? end : at;
  }

  /// Handles the run of marks that begins at `at`; returns where to go on.
  std::size_t after_stop(std::size_t at) {
    std::size_t end = at;
    bool wide = false;
    while (end < text_.size() && ends_part(text_[end])) {
      wide = wide || has(kWideStops, text_[end]) || has(kWidePauses, text_[end]);
      ++end;
    }
    const bool single_full_stop = end - at == 1 && text_[at] == '.';
    const std::size_t marks = end;
    while (end < text_.size() && has(kClosers, text_[end])) ++end;
    const std::size_t next = skip_space(end);
    if (next == text_.size()) return next;
    if (next == end && !wide) return marks;
    // A quotation that ends inside of a sentence: "Stop!" he said.
    if (end > marks && next > end && is_lower_case(text_[next])) return next;
    if (single_full_stop && end == marks && is_abbreviation(at, next)) return next;
    begin_at(next);
    // White space may hold an empty line, which begins a part at the same place.
    return next;
  }

  /// Whether the full stop at `stop` belongs to the word before it; `next` is what comes after the
  /// white space.
  bool is_abbreviation(std::size_t stop, std::size_t next) const {
    for (std::size_t i = stop + 1; i < next; ++i) {
      if (after_empty_line(i) > i) return false;
    }
    std::size_t begin = stop;
    while (begin > 0 && stop - begin < 16 && !is_white_space(text_[begin - 1])) --begin;
    while (begin < stop && has(kOpeners, text_[begin])) ++begin;
    std::u32string word;
    for (std::size_t i = begin; i <= stop; ++i) {
      const CodePoints lower = lower_case(text_[i]);
      word.append(lower.begin(), lower.end());
    }
    const auto is = [&](Set abbreviation) { return word == abbreviation; };
    if (std::any_of(std::begin(kAbbreviations), std::end(kAbbreviations), is)) return true;
    if (is_digit(text_[next]) &&
        std::any_of(std::begin(kBeforeNumbers), std::end(kBeforeNumbers), is)) {
      return true;
    }
    return are_initials(begin, stop) || is_list_number(begin, stop);
  }

  /// Single letters, each with a full stop: J., U.S., e.g. The word "I" alone is none.
  bool are_initials(std::size_t begin, std::size_t stop) const {
    if ((stop - begin) % 2 == 0) return false;
    for (std::size_t i = begin; i < stop; i += 2) {
      if (!is_letter(text_[i]) || text_[i + 1] != '.') return false;
    }
    return stop - begin > 1 || (is_upper_case(text_[begin]) && text_[begin] != 'I');
  }

  /// A number in front of what it counts: 1. First. It begins a line.
  bool is_list_number(std::size_t begin, std::size_t stop) const {
    for (std::size_t i = begin; i < stop; ++i) {
      if (!is_digit(text_[i])) return false;
    }
    while (begin > 0 && is_white_space(text_[begin - 1]) && text_[begin - 1] != '\n') --begin;
    return stop > begin && (begin == 0 || text_[begin - 1] == '\n');
  }

  std::span<const char32_t> text_;
  bool clauses_;
  std::vector<std::int32_t> starts_;
};

}  // namespace

std::vector<std::int32_t> find_sentences(std::span<const char32_t> text) {
  return Cutter(text, false).cut();
}

std::vector<std::int32_t> find_clauses(std::span<const char32_t> text) {
  return Cutter(text, true).cut();
}

}  // namespace ascribo
