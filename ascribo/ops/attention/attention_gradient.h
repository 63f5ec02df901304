// SPDX-License-Identifier: MIT
// Which rows the gradients of attention have, and the walk over them.
#pragma once

#include <cstdint>
#include <functional>

#include "ascribo/graph/gradient_rows.h"
#include "ascribo/ops/attention/attention_block.h"

namespace ascribo::ops {

/// One head of a sequence as one seed's gradient has it: the queries that have a gradient, and of
/// the keys those that get one. Elements of the block's first row in the gradients.
struct GradientBlock {
  AttentionBlock block;  ///< `row` still counts all keys; position() is not to be asked
  std::int64_t query_at = 0, key_at = 0, probs_at = 0;
};

/// Rows, which are elements, of the ragged probabilities that have a gradient when these queries
/// have one. Null when a sequence's are not in one piece.
GradientRowsPtr probs_rows(const AttentionLayout& layout, const GradientRows& queries);

/// The queries of such probabilities. Null when a sequence's are not whole rows, alike in all
/// heads.
GradientRowsPtr query_rows(const AttentionLayout& layout, const GradientRows& probs);

/// The keys that these queries reach: all of their sequence's or, if causal, none after the last
/// query's place.
GradientRowsPtr reached_keys(const AttentionLayout& layout, const GradientRows& queries,
                             bool causal);

/// The rows that gradients have on both sides; null where nobody wants one.
struct AttentionRows {
  const GradientRows* queries = nullptr;
  const GradientRows* keys = nullptr;
  const GradientRows* probs = nullptr;  ///< as from probs_rows()
};

/// Calls function(block, scratch) for every head of every sequence and seed with a gradient, in
/// parallel, shared out by size.
void for_each_gradient_block(const AttentionLayout& layout, std::int64_t hidden,
                             const AttentionRows& rows,
                             const std::function<void(const GradientBlock&, Scratch&)>& function);

}  // namespace ascribo::ops
