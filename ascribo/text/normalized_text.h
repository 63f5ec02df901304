// SPDX-License-Identifier: MIT
// A text while it is normalised and cut up: code points that remember where they came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ascribo/text/encoding.h"

namespace ascribo {

/// A code point and the code points [start, end) of the original text that it stands for.
struct NormalizedChar {
  char32_t code = 0;
  std::int32_t start = 0, end = 0;
};

/// A text, or a slice of one, after some normalisation. Positions ("at", "begin", "end") index the
/// normalised code points; start and end always count code points of the original text.
class NormalizedText {
 public:
  NormalizedText() = default;
  /// The text as given: every code point stands for itself. Errors: kBadText for invalid UTF-8,
  /// naming the byte of what is called `where`.
  explicit NormalizedText(std::string_view utf8, std::string_view where = "text");

  std::size_t size() const { return chars_.size(); }
  bool empty() const { return chars_.empty(); }
  char32_t operator[](std::size_t at) const { return chars_[at].code; }
  const std::vector<NormalizedChar>& chars() const { return chars_; }
  /// Where this slice begins in the original text.
  std::int32_t origin() const { return origin_; }

  /// The stretch of the original behind [begin, end), from its first code point to its last.
  Encoding::Offset source(std::size_t begin, std::size_t end) const;
  NormalizedText slice(std::size_t begin, std::size_t end) const;
  /// Appends [begin, end) to `utf8`.
  void append_utf8(std::size_t begin, std::size_t end, std::string& utf8) const;
  std::string utf8() const;

  /// Replaces each code point by another.
  template <class Map>
  void map(Map map) {
    for (NormalizedChar& c : chars_) c.code = map(c.code);
  }

  /// Keeps the code points for which `keep` holds; what is dropped belongs to no code point.
  template <class Keep>
  void filter(Keep keep) {
    std::erase_if(chars_, [&](const NormalizedChar& c) { return !keep(c.code); });
  }

  /// One code point of a rewritten text. A replacement takes the range of the next old code point
  /// and drops `dropped` more after it; an insertion shares the range of the old code point before
  /// it.
  struct Edit {
    char32_t code = 0;
    bool inserted = false;
    std::size_t dropped = 0;
  };
  /// Rewrites the whole text. There must not be more replacements and dropped than old code points;
  /// what is left of those at the end is dropped as well.
  void rewrite(const std::vector<Edit>& edits);

  /// Puts `content` before the text; it shares the range of the first code point (which loses its
  /// own to empty content). An empty text stays empty.
  void prepend(const NormalizedText& content);

  /// Puts `content` in the place of each stretch that has a begin and an end; they are in order and
  /// do not overlap. What is put in shares the range of the stretch's last code point, or of the
  /// one before an empty stretch.
  template <class Stretch>
  void replace(const std::vector<Stretch>& stretches, const NormalizedText& content) {
    std::vector<NormalizedChar> replaced;
    std::size_t done = 0;
    for (const auto& [begin, end] : stretches) {
      append_replaced(replaced, done, begin, end, content);
      done = end;
    }
    append_replaced(replaced, done, size(), size(), {});
    chars_ = std::move(replaced);
  }

 private:
  /// Appends [from, begin) as it is, then the content in the place of [begin, end).
  void append_replaced(std::vector<NormalizedChar>& replaced, std::size_t from, std::size_t begin,
                       std::size_t end, const NormalizedText& content) const;

  std::vector<NormalizedChar> chars_;
  std::int32_t origin_ = 0;
};

}  // namespace ascribo
