// SPDX-License-Identifier: MIT
// What a tokenizer makes of a text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ascribo {

/// One entry per token in each list. Offsets count Unicode code points of the token's own text
/// (side 0), pair (side 1) or continuation (side 2), end exclusive; special tokens added by the
/// template have offset (0, 0), no word and no side.
struct Encoding {
  struct Offset {
    std::int64_t start = 0, end = 0;
    bool operator==(const Offset&) const = default;
  };
  std::vector<std::int64_t> ids;
  std::vector<std::string> tokens;
  std::vector<Offset> offsets;
  std::vector<std::optional<std::int64_t>> word_ids;
  std::vector<std::int64_t> type_ids;
  std::vector<std::optional<int>> sides;  ///< 0, 1 or 2; empty for template tokens
  std::vector<std::uint8_t> special;      ///< 1 where the template added the token

  std::size_t size() const { return ids.size(); }
  void append(const Encoding& other);
  /// Adds a token that stands for nothing in the text.
  void append_special(std::int64_t id, const std::string& token, std::int64_t type_id);
};

}  // namespace ascribo
