// SPDX-License-Identifier: MIT
// Open addressing over views into the parsed file.
#include "ascribo/text/scored_pieces.h"

#include <algorithm>
#include <bit>
#include <string>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

constexpr std::size_t kReaches = std::size_t{1} << 16;

/// The bytes of the character that begins with this byte.
std::size_t character_size(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

ScoredPieces::ScoredPieces(const Json& pieces, std::string_view where)
    : document_(pieces), reach_(kReaches) {
  const std::size_t count = pieces.size();
  entries_.reserve(count);
  slots_.assign(std::bit_ceil(2 * count + 2), Slot{});
  pieces.elements([&](const Json& entry) {
    std::string_view piece;
    double score = 0;
    std::size_t parts = 0;
    entry.elements([&](const Json& part) {
      if (parts == 0) piece = part.string();
      if (parts == 1) score = part.number();
      ++parts;
    });
    if (parts != 2) {
      fail(Code::kBadFile, where,
           "piece " + std::to_string(entries_.size()) + " of the vocabulary has " +
               std::to_string(parts) + " parts",
           "expected a text and a score");
    }
    add(piece, score);
  });
}

void ScoredPieces::add(std::string_view piece, double score) {
  std::uint64_t hash = kSeed;
  const std::size_t first = piece.empty() ? 0 : character_size(piece.front());
  const std::size_t second =
      first < piece.size() ? first + character_size(piece[first]) : piece.size() + 1;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    hash = extend(hash, piece[i]);
    if (i + 1 == second) {
      std::uint32_t& reach = reach_[reach_slot(finish(hash))];
      reach = std::max(reach, static_cast<std::uint32_t>(piece.size()));
    }
  }
  const std::uint64_t finished = finish(hash);
  const std::size_t mask = slots_.size() - 1;
  const auto upper = static_cast<std::uint32_t>(finished >> 32);
  const auto id = static_cast<std::uint32_t>(entries_.size());
  std::size_t at = finished & mask;
  while (slots_[at].entry != kFree &&
         (slots_[at].hash != upper || entries_[slots_[at].entry].piece != piece)) {
    at = (at + 1) & mask;
  }
  slots_[at] = {upper, id};
  entries_.push_back({piece, score});
  lowest_ = std::min(lowest_, score);
}

std::optional<std::int64_t> ScoredPieces::find(std::string_view piece,
                                               std::uint64_t finished) const {
  const std::size_t mask = slots_.size() - 1;
  const auto upper = static_cast<std::uint32_t>(finished >> 32);
  for (std::size_t at = finished & mask; slots_[at].entry != kFree; at = (at + 1) & mask) {
    if (slots_[at].hash == upper && entries_[slots_[at].entry].piece == piece) {
      return slots_[at].entry;
    }
  }
  return {};
}

std::optional<std::int64_t> ScoredPieces::find(std::string_view piece) const {
  std::uint64_t hash = kSeed;
  for (const char byte : piece) hash = extend(hash, byte);
  return find(piece, finish(hash));
}

std::optional<std::string_view> ScoredPieces::piece(std::int64_t id) const {
  if (id < 0 || id >= size()) return {};
  return entries_[static_cast<std::size_t>(id)].piece;
}

}  // namespace ascribo
