// SPDX-License-Identifier: MIT
// What the attention operations share: where one head of one sequence lies, and the walk over all.
#pragma once

#include "ascribo/base/assert.h"
#include "ascribo/ops/attention.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"

namespace ascribo::ops {

/// One (sequence, head): its queries and keys, and where its elements start in q, k, v and probs.
struct AttentionBlock {
  std::int64_t queries, keys, width;  // width: columns of one head
  std::int64_t stride;                // columns of q, k, v
  std::int64_t query_at, key_at;      // element of the block's first row, in its head's columns
  std::int64_t probs_at;              // start of `[queries, keys]` in the ragged probabilities
  const std::uint8_t* visible;        // per key; null: all
};

/// Calls function(block, seed) for every head of every sequence and seed, in parallel; seed shifts
/// belong to the caller.
template <class Function>
void for_each_block(const AttentionLayout& layout, std::int64_t hidden, std::int64_t seeds,
                    Function&& function) {
  const std::vector<std::int64_t> probs_offsets = layout.probs_offsets();
  const std::int64_t per_seed = layout.sequences() * layout.heads;
  if (per_seed == 0) return;
  const std::int64_t average = (probs_offsets.back() + per_seed - 1) / per_seed;
  const std::int64_t width = hidden / layout.heads;
  parallel_ranges(per_seed * seeds, average * width, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t head = i % layout.heads;
      const auto s = static_cast<std::size_t>(i % per_seed / layout.heads);
      AttentionBlock block{};
      block.queries = layout.query_offsets[s + 1] - layout.query_offsets[s];
      block.keys = layout.key_offsets[s + 1] - layout.key_offsets[s];
      block.width = width;
      block.stride = hidden;
      block.query_at = layout.query_offsets[s] * hidden + head * width;
      block.key_at = layout.key_offsets[s] * hidden + head * width;
      block.probs_at = probs_offsets[s] + head * block.queries * block.keys;
      block.visible = layout.visible.empty() ? nullptr : &layout.visible[0] + layout.key_offsets[s];
      function(block, i / per_seed);
    }
  });
}

/// A ragged batch for the conformance tests: unit u is a sequence of `length` tokens.
std::shared_ptr<const AttentionLayout> sample_layout(std::span<const SampleUnit> units,
                                                     std::int64_t heads, bool hide, bool one_query);

}  // namespace ascribo::ops
