// SPDX-License-Identifier: MIT
// The merges of byte-pair encoding: which neighbours become one piece, and which of them first.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/text/piece_table.h"

namespace ascribo {

/// Const methods may be called concurrently.
class MergeTable {
 public:
  struct Merge {
    std::uint32_t rank = 0;    ///< lower comes first
    std::uint32_t merged = 0;  ///< the piece that the two become
  };

  /// Reads ["a b", ...] or [["a", "b"], ...]. The two become the piece "ab", where b may begin with
  /// `prefix`, which is left out. Errors: kBadFile for a merge that is not of two parts, or that
  /// names a piece, or makes one, that is not in the vocabulary.
  MergeTable(const Json& merges, const PieceTable& pieces, std::string_view prefix,
             std::string_view where);

  /// Null when the two do not merge.
  const Merge* find(std::uint32_t left, std::uint32_t right) const;
  std::size_t size() const { return size_; }

 private:
  struct Slot {
    std::uint64_t pair = kFree;
    Merge merge;
  };
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};
  static std::uint64_t pair_of(std::int64_t left, std::int64_t right) {
    return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint64_t>(right);
  }
  std::size_t first_slot(std::uint64_t pair) const {
    return (pair * 0x9E3779B97F4A7C15U) >> shift_;
  }
  std::size_t slot_of(std::uint64_t pair) const;
  void add(std::uint64_t pair, const Merge& merge);
  std::vector<Slot> slots_;  // a power of two, at most two thirds full
  int shift_ = 0;            // of the hash, down to the number of a slot
  std::size_t size_ = 0;
};

}  // namespace ascribo
