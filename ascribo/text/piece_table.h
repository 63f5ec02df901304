// SPDX-License-Identifier: MIT
// The pieces of a vocabulary: text to id and back, filled fast and without copying.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ascribo/base/json.h"

namespace ascribo {

/// Const methods may be called concurrently.
class PieceTable {
 public:
  /// Reads {"piece": id, ...} and keeps the document alive instead of copying the pieces. Errors:
  /// kBadFile when an id is negative, or so far beyond the number of pieces that it cannot be
  /// meant.
  PieceTable(const Json& pieces, std::string_view where);

  std::optional<std::int64_t> find(std::string_view piece) const;
  /// The same for many at once, which is faster: they wait for memory together. `ids` has room for
  /// as many, and gets -1 for what is no piece.
  void find_each(std::span<const std::string_view> pieces, std::span<std::int64_t> ids) const;
  std::optional<std::string_view> piece(std::int64_t id) const;
  std::int64_t size() const { return static_cast<std::int64_t>(entries_.size()); }
  std::size_t longest() const { return longest_; }  ///< bytes of the longest piece

 private:
  struct Entry {
    std::string_view piece;
    std::int64_t id;
  };
  struct Slot {
    std::uint32_t hash = 0;       // upper half of the piece's
    std::uint32_t entry = kFree;  // of entries_
  };
  static constexpr std::uint32_t kFree = 0xFFFFFFFF;
  static constexpr std::size_t kTogether = 64;  // look-ups that wait for memory together
  void fill_slots();
  std::optional<std::int64_t> find(std::string_view piece, std::size_t hash) const;
  Json document_;
  std::vector<Entry> entries_;
  std::vector<Slot> slots_;           // by lower half of the hash; a power of two, half full
  std::vector<std::uint32_t> by_id_;  // of entries_
  std::size_t longest_ = 0;
};

}  // namespace ascribo
