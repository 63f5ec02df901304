// SPDX-License-Identifier: MIT
// Open addressing over views into the parsed file.
#include "ascribo/text/piece_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <string>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

std::size_t hash_of(std::string_view piece) { return std::hash<std::string_view>{}(piece); }

std::uint32_t upper_half(std::size_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

}  // namespace

PieceTable::PieceTable(const Json& pieces, std::string_view where) : document_(pieces) {
  const std::size_t count = pieces.size();
  entries_.reserve(count);
  slots_.assign(std::bit_ceil(2 * count + 2), Slot{});
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
    entries_.push_back({piece, id});
    highest = std::max(highest, id);
    longest_ = std::max(longest_, piece.size());
  });
  fill_slots();
  by_id_.assign(static_cast<std::size_t>(highest + 1), kFree);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::uint32_t& entry = by_id_[static_cast<std::size_t>(entries_[i].id)];
    if (entry == kFree) entry = static_cast<std::uint32_t>(i);
  }
}

void PieceTable::fill_slots() {
  const std::size_t mask = slots_.size() - 1;
  std::array<std::size_t, kTogether> hashes;
  for (std::size_t begin = 0; begin < entries_.size(); begin += kTogether) {
    const std::size_t count = std::min(kTogether, entries_.size() - begin);
    for (std::size_t i = 0; i < count; ++i) {
      hashes[i] = hash_of(entries_[begin + i].piece);
      __builtin_prefetch(&slots_[hashes[i] & mask], 1);
    }
    for (std::size_t i = 0; i < count; ++i) {
      // A document has no key twice, so the first free slot is the piece's.
      std::size_t at = hashes[i] & mask;
      while (slots_[at].entry != kFree) at = (at + 1) & mask;
      slots_[at] = {upper_half(hashes[i]), static_cast<std::uint32_t>(begin + i)};
    }
  }
}

std::optional<std::int64_t> PieceTable::find(std::string_view piece) const {
  return find(piece, hash_of(piece));
}

std::optional<std::int64_t> PieceTable::find(std::string_view piece, std::size_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at].entry != kFree; at = (at + 1) & mask) {
    if (slots_[at].hash != upper_half(hash)) continue;
    const Entry& entry = entries_[slots_[at].entry];
    if (entry.piece == piece) return entry.id;
  }
  return {};
}

void PieceTable::find_each(std::span<const std::string_view> pieces,
                           std::span<std::int64_t> ids) const {
  const std::size_t mask = slots_.size() - 1;
  std::array<std::size_t, kTogether> hashes;
  std::array<const Entry*, kTogether> entries;
  for (std::size_t begin = 0; begin < pieces.size(); begin += kTogether) {
    const std::size_t count = std::min(kTogether, pieces.size() - begin);
    for (std::size_t i = 0; i < count; ++i) {
      hashes[i] = hash_of(pieces[begin + i]);
      __builtin_prefetch(&slots_[hashes[i] & mask]);
    }
    // What most look-ups end at: the first slot that has the hash.
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t at = hashes[i] & mask;
      while (slots_[at].entry != kFree && slots_[at].hash != upper_half(hashes[i])) {
        at = (at + 1) & mask;
      }
      entries[i] = slots_[at].entry != kFree ? &entries_[slots_[at].entry] : nullptr;
      __builtin_prefetch(entries[i]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (entries[i]) __builtin_prefetch(entries[i]->piece.data());
    }
    for (std::size_t i = 0; i < count; ++i) {
      ids[begin + i] = find(pieces[begin + i], hashes[i]).value_or(-1);
    }
  }
}

std::optional<std::string_view> PieceTable::piece(std::int64_t id) const {
  if (id < 0 || id >= static_cast<std::int64_t>(by_id_.size())) return {};
  const std::uint32_t entry = by_id_[static_cast<std::size_t>(id)];
  if (entry == kFree) return {};
  return entries_[entry].piece;
}

}  // namespace ascribo
