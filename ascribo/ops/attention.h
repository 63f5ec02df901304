// SPDX-License-Identifier: MIT
// Scaled dot-product attention over a ragged batch, sequence by sequence.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ascribo/graph/variable.h"
#include "ascribo/ops/past/past.h"

namespace ascribo {

/// Which rows belong together. Sequence s owns key rows [key_offsets[s], key_offsets[s+1]) and
/// query rows [query_offsets[s], query_offsets[s+1]) (fewer where only some rows are needed).
struct AttentionLayout {
  std::int64_t heads = 1;
  std::vector<std::int64_t> query_offsets;
  std::vector<std::int64_t> key_offsets;
  /// `[key rows]`, 0 hides a key from every query; empty: all are visible.
  std::vector<std::uint8_t> visible;
  /// `[query rows]`, the place of each among its sequence's keys; empty: query i stands at key i.
  std::vector<std::int64_t> query_positions = {};
  /// `[keys]`, the row of k and v that each key is, where sequences share rows; then offsets and
  /// flags of keys are about these, and query_positions has to be given. Empty: every row is the
  /// key of one sequence.
  std::vector<std::int64_t> key_rows = {};
  /// By sequence, or empty: tokens that ran before. Their keys and values, of `layer`, come before
  /// the sequence's rows of k and v; places are counted from the first of them. Entries may be
  /// null.
  std::vector<std::shared_ptr<const Past>> pasts = {};
  int layer = 0;

  std::int64_t sequences() const { return static_cast<std::int64_t>(key_offsets.size()) - 1; }
  /// Tokens of a sequence that ran before.
  std::int64_t before(std::size_t sequence) const {
    return pasts.empty() || !pasts[sequence] ? 0 : pasts[sequence]->size();
  }
  std::int64_t rows_of_keys() const;               ///< of k and v
  std::int64_t keys(std::size_t sequence) const {  ///< of a sequence, those before included
    return before(sequence) + key_offsets[sequence + 1] - key_offsets[sequence];
  }
  /// Start of each sequence's `[heads, queries, keys]` block in the ragged probabilities; one
  /// more entry than sequences.
  std::vector<std::int64_t> probs_offsets() const;
  /// Of every row of k, and of q: its place in its sequence.
  std::vector<std::int64_t> key_places() const;
  std::vector<std::int64_t> query_places() const;
};

/// What scores depend on besides queries and keys. Undefined terms are left out.
struct ScoreTerms {
  /// A query sees no key after its own place.
  bool causal = false;
  /// Keys further away than this are hidden from a query; negative: none is.
  std::int64_t window = -1;
  /// `[heads, 2 reach + 1]` in q's dtype: entry reach + j - i is added to the scaled
  /// score of a query at i and a key at j. No two may be further apart than reach.
  Variable by_distance = {};
  /// Ragged like the probabilities: added to q k^T before it is scaled.
  Variable added = {};
};

namespace ops {

/// softmax((q k^T + added) scale + by_distance) per head. q `[query rows, hidden]`,
/// k `[key rows, hidden]` -> ragged `[probs_offsets.back()]`, one dimension. (Vaswani et al. 2017)
/// Causal probabilities of a query are the same bits whatever keys come after its place, and
/// whichever of those before it are in a Past or shared. There is no backward then.
Variable attention_probs(const Variable& q, const Variable& k,
                         const std::shared_ptr<const AttentionLayout>& layout, double scale,
                         const ScoreTerms& terms = {});

/// probs v per head: ragged probs and v `[key rows, hidden]` -> `[query rows, hidden]`. `causal`
/// says that probabilities of keys after a query's place are 0.
Variable attention_mix(const Variable& probs, const Variable& v,
                       const std::shared_ptr<const AttentionLayout>& layout, bool causal = false);

}  // namespace ops
}  // namespace ascribo
