// SPDX-License-Identifier: MIT
// What scores depend on through content and distance together: disentangled attention.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ascribo/graph/variable.h"
#include "ascribo/ops/attention.h"

namespace ascribo {

/// Embedded distances. A table that is undefined is left out.
struct RelativeTables {
  Variable keys;     ///< `[buckets, hidden]`, met by queries: content to position
  Variable queries;  ///< `[buckets, hidden]`, met by keys: position to content
  /// `[2 reach + 1]`: the row for a query at i and a key at j is entry reach + i - j; never
  /// descending. No two may be further apart than reach.
  std::vector<std::int32_t> buckets;
};

namespace ops {

/// q_i . keys[b(i, j)] + k_j . queries[b(i, j)] per head, ragged like the probabilities; one table
/// at least is defined, in q's dtype. (He et al. 2021, DeBERTa: c2p and p2c)
Variable relative_scores(const Variable& q, const Variable& k,
                         const std::shared_ptr<const AttentionLayout>& layout,
                         const std::shared_ptr<const RelativeTables>& tables);

}  // namespace ops
}  // namespace ascribo
