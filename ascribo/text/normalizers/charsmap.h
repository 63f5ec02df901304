// SPDX-License-Identifier: MIT
// The table of replacements that sentencepiece puts into a model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ascribo {

/// Const methods may be called concurrently.
class Charsmap {
 public:
  /// Reads the published form: the size of a double-array trie (four bytes), the trie, and the
  /// replacements with a zero byte after each. Errors: kBadFile, naming `where`, for a map that is
  /// cut off or whose entries point outside of it.
  Charsmap(std::string bytes, std::string_view where);

  /// The replacement of the shortest beginning of `utf8` that has one: so the reference looks a
  /// text up.
  std::optional<std::string_view> find(std::string_view utf8) const;

  std::size_t size() const { return units_.size(); }  ///< of the trie

 private:
  std::string bytes_;
  std::vector<std::uint32_t> units_;
  std::string_view replacements_;
};

}  // namespace ascribo
