// SPDX-License-Identifier: MIT
// Open addressing over views into the parsed file.
#include "ascribo/text/vocabularies/scored_pieces.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <string>

#include "ascribo/base/error.h"
#include "ascribo/base/large_memory.h"

namespace ascribo {
namespace {

constexpr std::size_t kReaches = std::size_t{1} << 16;

/// The bytes of the character that begins with this byte.
std::size_t character_size(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

[[noreturn]] void fail_entry(std::size_t number, const Json& entry, std::string_view where) {
  std::size_t parts = 0;
  entry.elements([&parts](const Json&) { ++parts; });
  fail(Code::kBadFile, where,
       "piece " + std::to_string(number) + " of the vocabulary has " + std::to_string(parts) +
           " parts",
       "expected a text and a score");
}

}  // namespace

/// The reference rounds twice: it takes all digits for a whole number, and divides by a power of
/// ten. Files hold the shortest digits that name a double, so they can be had back from it.
double ScoredPieces::as_reference_reads(double number) {
  char text[32];
  const auto end = std::to_chars(std::begin(text), std::end(text), std::abs(number),
                                 std::chars_format::scientific)
                       .ptr;
  std::uint64_t digits = 0;
  int exponent = 0;
  const char* at = text;
  for (; at != end && *at != 'e'; ++at) {
    if (*at == '.') continue;
    if (at > text) --exponent;
    digits = digits * 10 + static_cast<std::uint64_t>(*at - '0');
  }
  if (at == end) return number;  // infinite
  int power = 0;
  ++at;
  if (*at == '+') ++at;
  std::from_chars(at, end, power);
  exponent += power;
  constexpr std::uint64_t kExact = std::uint64_t{1} << 53;
  constexpr int kTabled = 22;  // powers of ten that a double holds exactly
  if (digits < kExact || exponent < -kTabled || exponent >= 0) return number;
  double power_of_ten = 1;
  for (int i = exponent; i < 0; ++i) power_of_ten *= 10;
  return std::copysign(static_cast<double>(digits) / power_of_ten, number);
}

ScoredPieces::ScoredPieces(const Json& pieces, std::string_view where)
    : document_(pieces), reach_(kReaches) {
  const std::size_t count = pieces.size();
  entries_.reserve(count);
  prefer_large_pages(entries_.data(), count * sizeof(Entry));
  std::vector<std::uint64_t> hashes;
  hashes.reserve(count);
  pieces.pairs([&](const Json& piece,
                   const Json& score) { hashes.push_back(add(piece.string(), score.number())); },
               [&](const Json& other) { fail_entry(entries_.size(), other, where); });
  index(hashes);
}

/// Appends a piece; returns its hash.
std::uint64_t ScoredPieces::add(std::string_view piece, double score) {
  entries_.push_back({piece, score});
  lowest_ = std::min(lowest_, score);
  std::uint64_t hash = kSeed;
  const std::size_t first = piece.empty() ? 0 : character_size(piece.front());
  const std::size_t second = first < piece.size() ? first + character_size(piece[first]) : 0;
  for (std::size_t i = 0; i < second; ++i) hash = extend(hash, piece[i]);
  if (second > 0) {
    std::uint8_t& reach = reach_[reach_slot(finish(hash))];
    const std::size_t limit = kUnlimited;
    reach = std::max(reach, static_cast<std::uint8_t>(std::min(piece.size(), limit)));
  }
  for (std::size_t i = second; i < piece.size(); ++i) hash = extend(hash, piece[i]);
  return finish(hash);
}

void ScoredPieces::index(const std::vector<std::uint64_t>& hashes) {
  const std::size_t size = std::bit_ceil(2 * hashes.size() + 2);
  slots_.reserve(size);
  prefer_large_pages(slots_.data(), size * sizeof(Slot));
  slots_.resize(size);
  const std::size_t mask = slots_.size() - 1;
  // Every slot is far from the one before, and its line is asked for in time.
  constexpr std::size_t kAhead = 16;
  for (std::size_t id = 0; id < hashes.size(); ++id) {
    if (id + kAhead < hashes.size()) __builtin_prefetch(&slots_[hashes[id + kAhead] & mask], 1);
    const auto upper = static_cast<std::uint32_t>(hashes[id] >> 32);
    std::size_t at = hashes[id] & mask;
    while (slots_[at].entry != kFree &&
           (slots_[at].hash != upper || entries_[slots_[at].entry].piece != entries_[id].piece)) {
      at = (at + 1) & mask;
    }
    slots_[at] = {upper, static_cast<std::uint32_t>(id)};
  }
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
