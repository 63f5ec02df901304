// SPDX-License-Identifier: MIT
// Open addressing over views into the parsed file.
#include "ascribo/text/piece_table.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <string>

#include "ascribo/base/error.h"

namespace ascribo {

PieceTable::PieceTable(const Json& pieces, std::string_view where) : document_(pieces) {
  const std::size_t count = pieces.size();
  entries_.reserve(count);
  slots_.assign(std::bit_ceil(2 * count + 2), Slot{});
  const std::size_t mask = slots_.size() - 1;
  // Some vocabularies have holes; none is mostly holes, and memory must not follow a wild number.
  const auto limit = static_cast<std::int64_t>(4 * count + 65536);
  std::int64_t highest = -1;
  pieces.members([&](std::string_view piece, const Json& value) {
    const std::int64_t id = value.integer();
    if (id < 0 || id >= limit) {
      fail(Code::kBadFile, where,
           "piece \"" + std::string(piece) + "\" has id " + std::to_string(id),
           "expected ids from 0 to about the number of pieces, " + std::to_string(count));
    }
    // A document has no key twice, so the first free slot is the piece's.
    const std::size_t hash = std::hash<std::string_view>{}(piece);
    std::size_t at = hash & mask;
    while (slots_[at].entry != kFree) at = (at + 1) & mask;
    slots_[at] = {static_cast<std::uint32_t>(hash >> 32),
                  static_cast<std::uint32_t>(entries_.size())};
    entries_.push_back({piece, id});
    highest = std::max(highest, id);
    longest_ = std::max(longest_, piece.size());
  });
  by_id_.assign(static_cast<std::size_t>(highest + 1), kFree);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::uint32_t& entry = by_id_[static_cast<std::size_t>(entries_[i].id)];
    if (entry == kFree) entry = static_cast<std::uint32_t>(i);
  }
}

std::optional<std::int64_t> PieceTable::find(std::string_view piece) const {
  const std::size_t hash = std::hash<std::string_view>{}(piece);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at].entry != kFree; at = (at + 1) & mask) {
    if (slots_[at].hash != static_cast<std::uint32_t>(hash >> 32)) continue;
    const Entry& entry = entries_[slots_[at].entry];
    if (entry.piece == piece) return entry.id;
  }
  return {};
}

std::optional<std::string_view> PieceTable::piece(std::int64_t id) const {
  if (id < 0 || id >= static_cast<std::int64_t>(by_id_.size())) return {};
  const std::uint32_t entry = by_id_[static_cast<std::size_t>(id)];
  if (entry == kFree) return {};
  return entries_[entry].piece;
}

}  // namespace ascribo
