// SPDX-License-Identifier: MIT
// Regular expressions as tokenizer files write them, matched by the engine that the reference uses.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/text/normalized_text.h"

namespace ascribo {

/// A pattern in Oniguruma's own syntax. Copies share what was compiled; const methods may be
/// called concurrently.
class Regex {
 public:
  /// A stretch [begin, end) of a text; it may be empty.
  struct Match {
    std::size_t begin = 0, end = 0;
    bool operator==(const Match&) const = default;
  };

  /// Errors: kBadFile for a pattern that does not compile, with the engine's reason; `where` is
  /// the file that has it.
  Regex(std::string_view pattern, std::string_view where);
  /// Matches the text itself, whatever signs it holds.
  static Regex literal(std::string_view text, std::string_view where);

  /// All matches from left to right, in code points. None overlaps another, and an empty one does
  /// not follow at the end of the one before; in an empty text there is none. Errors: kUnsupported
  /// when the pattern takes so many turns on this text that it would not end in reasonable time.
  std::vector<Match> find_all(const NormalizedText& text) const;
  /// The same in bytes of valid UTF-8.
  std::vector<Match> find_all(std::string_view utf8) const;

  const std::string& pattern() const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace ascribo
