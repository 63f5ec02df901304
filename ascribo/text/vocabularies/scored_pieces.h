// SPDX-License-Identifier: MIT
// Pieces with a score each, found by hash from every place of a text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ascribo/base/json.h"

namespace ascribo {

// A trie would be smaller to walk, but must be sorted together; a vocabulary of 250,000 pieces is
// put into this table in a few milliseconds, which counts every time that a model is opened.

/// Const methods may be called concurrently.
class ScoredPieces {
 public:
  /// Reads [["piece", score], ...]; a piece's id is its place. Keeps the document alive instead of
  /// copying the pieces. Errors: kBadFile.
  ScoredPieces(const Json& pieces, std::string_view where);

  /// The id of a piece; of one that comes twice, the last.
  std::optional<std::int64_t> find(std::string_view piece) const;
  std::optional<std::string_view> piece(std::int64_t id) const;
  /// The score as the reference's JSON reader gets it, which is not always the nearest double to
  /// what the file says: of paths that are equally good, the last bit decides.
  double score(std::int64_t id) const {
    return as_reference_reads(entries_[static_cast<std::size_t>(id)].score);
  }
  /// Infinite where there are no pieces.
  double lowest_score() const { return as_reference_reads(lowest_); }
  std::int64_t size() const { return static_cast<std::int64_t>(entries_.size()); }

  /// Calls visit(characters, id) for each piece that the text from character `begin` on begins
  /// with, the shortest first. `ends` says after which byte of `utf8` each character ends.
  template <class Visit>
  void each_prefix(std::string_view utf8, std::span<const std::uint32_t> ends, std::size_t begin,
                   Visit visit) const;

 private:
  struct Entry {
    std::string_view piece;
    double score;
  };
  struct Slot {
    std::uint32_t hash = 0;       // upper half of the piece's
    std::uint32_t entry = kFree;  // of entries_
  };
  static constexpr std::uint32_t kFree = 0xFFFFFFFF;
  static constexpr std::uint8_t kUnlimited = 255;
  static constexpr std::uint64_t kSeed = 0xCBF29CE484222325;

  /// The running hash of a piece, byte by byte, so that one walk gives that of every beginning.
  static std::uint64_t extend(std::uint64_t hash, char byte) {
    return (hash ^ static_cast<unsigned char>(byte)) * 0x00000100000001B3;
  }
  static std::uint64_t finish(std::uint64_t hash) {
    hash ^= hash >> 32;
    hash *= 0x9E3779B97F4A7C15;
    return hash ^ hash >> 29;
  }
  static double as_reference_reads(double number);
  std::uint64_t add(std::string_view piece, double score);
  void index(const std::vector<std::uint64_t>& hashes);
  std::optional<std::int64_t> find(std::string_view piece, std::uint64_t finished) const;
  static std::size_t reach_slot(std::uint64_t finished) { return finished >> 48; }

  Json document_;
  std::vector<Entry> entries_;  // by id
  std::vector<Slot> slots_;     // by lower half of the hash; a power of two, half full
  /// By hash of two characters: of all pieces that begin with these, the bytes of the longest.
  std::vector<std::uint8_t> reach_;
  double lowest_ = std::numeric_limits<double>::infinity();
};

template <class Visit>
void ScoredPieces::each_prefix(std::string_view utf8, std::span<const std::uint32_t> ends,
                               std::size_t begin, Visit visit) const {
  const std::size_t first_byte = begin == 0 ? 0 : ends[begin - 1];
  std::uint64_t hash = kSeed;
  std::size_t reach = utf8.size();
  std::size_t at = first_byte;
  for (std::size_t i = begin; i < ends.size(); ++i) {
    const std::size_t end = ends[i];
    if (end - first_byte > reach) return;
    for (; at < end; ++at) hash = extend(hash, utf8[at]);
    const std::uint64_t finished = finish(hash);
    if (i == begin + 1 && reach_[reach_slot(finished)] < kUnlimited) {
      reach = reach_[reach_slot(finished)];
    }
    const auto id = find(utf8.substr(first_byte, end - first_byte), finished);
    if (id) visit(i + 1 - begin, *id);
  }
}

}  // namespace ascribo
