// SPDX-License-Identifier: MIT
// Open addressing; slots are small, and those of several texts are asked for together.
#include "ascribo/base/repeat_search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>

namespace ascribo {

std::optional<std::string_view> RepeatSearch::find(std::span<const std::string_view> texts) {
  constexpr std::size_t kFew = 16;
  if (texts.size() > kFew) return find_by_hash(texts);
  for (std::size_t i = 1; i < texts.size(); ++i) {
    const auto before = texts.first(i);
    if (std::find(before.begin(), before.end(), texts[i]) != before.end()) return texts[i];
  }
  return {};
}

std::optional<std::string_view> RepeatSearch::find_by_hash(
    std::span<const std::string_view> texts) {
  constexpr std::size_t kTogether = 64;
  slots_.assign(std::bit_ceil(texts.size() * 2), Slot{});
  std::array<std::size_t, kTogether> hashes;
  for (std::size_t begin = 0; begin < texts.size(); begin += kTogether) {
    const std::size_t end = std::min(begin + kTogether, texts.size());
    for (std::size_t i = begin; i < end; ++i) {
      hashes[i - begin] = std::hash<std::string_view>()(texts[i]);
      __builtin_prefetch(&slots_[hashes[i - begin] & (slots_.size() - 1)], 1);
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (repeats(texts, i, hashes[i - begin])) return texts[i];
    }
  }
  return {};
}

/// Whether the text came before; if not, it is put into its slot.
bool RepeatSearch::repeats(std::span<const std::string_view> texts, std::size_t index,
                           std::size_t hash) {
  const auto upper = static_cast<std::uint32_t>(hash >> 32);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].index != kFree; at = (at + 1) & mask) {
    if (slots_[at].hash == upper && texts[slots_[at].index] == texts[index]) return true;
  }
  slots_[at] = {upper, static_cast<std::uint32_t>(index)};
  return false;
}

}  // namespace ascribo
