// SPDX-License-Identifier: MIT
// What the attention operations share: where one head of one sequence lies, and the walk over all.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "ascribo/base/assert.h"
#include "ascribo/ops/attention.h"
#include "ascribo/ops/descriptor.h"

namespace ascribo::ops {

/// One (sequence, head): its queries and keys, and where its elements start in q, k, v and probs.
struct AttentionBlock {
  std::int64_t queries, keys, width;  // keys: all of them; width: columns of one head
  std::int64_t head;
  std::int64_t row;               // elements of a row of probabilities: keys, or more than that
  std::int64_t stride;            // columns of q, k, v
  std::int64_t query_at, key_at;  // element of the block's first row, in its head's columns
  std::int64_t probs_at;          // start of `[queries, keys]` in the ragged probabilities
  const std::uint8_t* visible;    // per key of k; null: all
  const std::int64_t* positions;  // per query; null: the first stands at the first key of k
  const std::int64_t* key_rows;   // per key of k; null: row after row, from key_at on
  // Keys that are not rows of k and v come first.
  std::int64_t before;
  const Past* past;
  int layer;
  std::int64_t past_head;

  std::int64_t position(std::int64_t query) const {
    return positions ? positions[query] : before + query;
  }
  bool sees(std::int64_t key) const {
    return key < before ? past->sees(key) : visible == nullptr || visible[key - before] != 0;
  }
};

/// Buffers of one thread, reused from block to block.
class Scratch {
 public:
  /// At least `count` uninitialised floats, valid until the same buffer is asked for again.
  float* floats(std::size_t buffer, std::int64_t count);

 private:
  std::array<Tensor, 6> buffers_;
};

/// Rows of k or v that are the block's keys, in the columns of its head, one after another:
/// themselves or a copy.
struct KeyRows {
  const float* data;
  std::int64_t stride;
};
KeyRows key_rows(const AttentionBlock& block, const float* from, Scratch& scratch,
                 std::size_t buffer);

/// B of a product, whose rows must be readable to a multiple of 16 columns: the block itself when
/// its width allows it, else a padded copy in `buffer`.
struct Columns {
  const float* data;
  std::int64_t row;
};
Columns readable(const float* from, std::int64_t rows, std::int64_t width, std::int64_t stride,
                 Scratch& scratch, std::size_t buffer);

/// out (+)= weights `[queries, keys]` values, a row per key, in the columns of the block's head.
/// Weights of 0 after the last that is not cost nearly nothing, as in causal attention.
void weigh_keys(const AttentionBlock& block, const float* weights, const float* values,
                bool accumulate, float* out, Scratch& scratch, std::size_t buffer);

/// out (+)= the transpose of weights `[queries, keys]` times values, a row per query. Weights of 0
/// before the first that is not cost nearly nothing.
void weigh_queries(const AttentionBlock& block, const float* weights, const float* values,
                   bool accumulate, float* out, Scratch& scratch, std::size_t buffer);

/// Scores of `count` queries and the keys that are in the past, in rows of `row` elements.
void score_past(const AttentionBlock& block, const float* q, std::int64_t count, float* scores,
                std::int64_t row, Scratch& scratch, std::size_t buffer);

/// out (+)= `count` rows of weights times the values that are in the past.
void weigh_past(const AttentionBlock& block, const float* weights, std::int64_t count,
                bool accumulate, float* out);

/// Those of the past and of k or v, `[keys, width]`.
std::vector<double> all_keys(const AttentionBlock& block, const double* k);
std::vector<double> all_values(const AttentionBlock& block, const double* v);

/// A gradient to be written, or added to when `accumulate`; data is null when nobody wants it.
template <class T>
struct Target {
  T* data = nullptr;
  bool accumulate = false;

  /// The gradient of an input. The plain kernels always add, so theirs is zeroed if need be.
  static Target of(Backward& backward, std::size_t input) {
    if (!backward.wanted(input)) return {};
    GradientSlot slot = backward.slot(input);
    T* data = slot.tensor.mutable_data<T>();
    if (dtype_of<T>() == Dtype::kF64 && !slot.accumulate) {
      std::fill_n(data, slot.tensor.numel(), T{0});
    }
    return {data, slot.accumulate};
  }
  Target at(std::int64_t element) const { return {data ? data + element : nullptr, accumulate}; }
};

/// One head of a sequence; probs_offsets are the layout's.
AttentionBlock block_of(const AttentionLayout& layout,
                        const std::vector<std::int64_t>& probs_offsets, std::int64_t hidden,
                        std::size_t sequence, std::int64_t head);

/// Calls function(block, seed, scratch) for every head of every sequence and seed, in parallel,
/// shared out by size.
void for_each_block(
    const AttentionLayout& layout, std::int64_t hidden, std::int64_t seeds,
    const std::function<void(const AttentionBlock&, std::int64_t seed, Scratch&)>& function);

/// Calls function(block, seed) for every head of every sequence and seed: heads in parallel, the
/// sequences of a head one after another, for sums over sequences.
void for_each_head(const AttentionLayout& layout, std::int64_t hidden, std::int64_t seeds,
                   const std::function<void(const AttentionBlock&, std::int64_t seed)>& function);

/// A ragged batch for the conformance tests: unit u is a sequence of `length` tokens; its one
/// query, if so, stands at the last but one.
std::shared_ptr<const AttentionLayout> sample_layout(std::span<const SampleUnit> units,
                                                     std::int64_t heads, bool hide, bool one_query);

}  // namespace ascribo::ops
