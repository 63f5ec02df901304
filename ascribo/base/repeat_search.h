// SPDX-License-Identifier: MIT
// Finds a text that a list holds twice, fast enough for the keys of a vocabulary.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace ascribo {

/// Keeps its memory from one list to the next.
class RepeatSearch {
 public:
  /// The first text that was there before, or nothing.
  std::optional<std::string_view> find(std::span<const std::string_view> texts);

 private:
  std::optional<std::string_view> find_by_hash(std::span<const std::string_view> texts);
  bool repeats(std::span<const std::string_view> texts, std::size_t index, std::size_t hash);

  static constexpr std::uint32_t kFree = 0xFFFFFFFF;
  struct Slot {
    std::uint32_t hash = 0;  // upper half of the text's
    std::uint32_t index = kFree;
  };
  std::vector<Slot> slots_;  // by lower half of the hash; a power of two, at most half full
};

}  // namespace ascribo
