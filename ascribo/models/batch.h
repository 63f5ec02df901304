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
  /// Of the sequence before it in the batch, the first tokens after `past`, which must be the same:
  /// those with which this one begins. They run once, and everything above is about what follows.
  std::int64_t shared = 0;

  std::int64_t size() const { return static_cast<std::int64_t>(ids.size()); }
};

/// The tokens of a whole sequence from `first` on, of which there must be one at least. Reads of
/// those before are left out; of a sequence that names its reads, one must be left.
Sequence rest_of(const Sequence& whole, std::int64_t first);

/// The same, after a past of all tokens before.
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
  /// Where sequences share rows: how many of each come from the one before it, the rows of every
  /// sequence's tokens, and where those of each begin. Else empty.
  std::vector<std::int64_t> shared, token_rows, token_offsets;

  void append(const Sequence& sequence);
  std::int64_t rows() const { return offsets.back(); }
  std::int64_t sequences() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  /// Tokens of a sequence that are not rows of its own.
  std::int64_t before(std::size_t sequence) const {
    return (pasts.empty() || !pasts[sequence] ? 0 : pasts[sequence]->size()) +
           (shared.empty() ? 0 : shared[sequence]);
  }

 private:
  void append_tokens(std::int64_t first, std::int64_t count, std::int64_t from_before);
};

}  // namespace ascribo
