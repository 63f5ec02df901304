// SPDX-License-Identifier: MIT
// What a model is given: the rows of several sequences, one after another, without padding.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ascribo/ops/past/past.h"

namespace ascribo {

/// One sequence of token ids with its positions and types (same length each).
struct Sequence {
  std::vector<std::int64_t> ids = {};
  std::vector<std::int64_t> positions = {};
  std::vector<std::int64_t> type_ids = {};
  std::vector<std::uint8_t> visible = {};  ///< empty, or 0 where attention must not look
  /// Tokens that are asked about, ascending; empty: all of them. Only heads that answer token by
  /// token look at this.
  std::vector<std::int64_t> reads = {};
  /// Tokens that ran before, of a causal model; null: none. Everything above is about those that
  /// follow them, and `reads` counts from the first of these; positions go on.
  std::shared_ptr<const Past> past = nullptr;

  std::int64_t size() const { return static_cast<std::int64_t>(ids.size()); }
};

/// The tokens of a sequence without a past that follow those of `past`, which are its first; at
/// least one, and none of those before may be read.
Sequence following(const Sequence& whole, std::shared_ptr<const Past> past);

/// A ragged batch: rows of sequence s are [offsets[s], offsets[s+1]).
struct Batch {
  std::vector<std::int64_t> ids, positions, type_ids;
  std::vector<std::uint8_t> visible;  ///< empty when everything is
  std::vector<std::int64_t> offsets{0};
  /// Rows that are asked about, and where those of each sequence begin.
  std::vector<std::int64_t> reads, read_offsets{0};
  /// One for each sequence, or none at all; entries may be null.
  std::vector<std::shared_ptr<const Past>> pasts;

  void append(const Sequence& sequence);
  std::int64_t rows() const { return offsets.back(); }
  std::int64_t sequences() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  /// Tokens of a sequence that ran before.
  std::int64_t before(std::size_t sequence) const {
    return pasts.empty() || !pasts[sequence] ? 0 : pasts[sequence]->size();
  }
};

}  // namespace ascribo
