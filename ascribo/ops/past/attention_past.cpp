// SPDX-License-Identifier: MIT
// Keys and values of tokens that ran before, as the attention operations meet them: in blocks that
// are used where they lie. Of the last one only the tokens of this past are read, since another
// continuation may be filling up the rest.
#include <algorithm>

#include "ascribo/ops/attention/attention_block.h"
#include "ascribo/ops/simd/product.h"

namespace ascribo::ops {
namespace {

// Calls function(block, first token, tokens) for every block of a past.
template <class Function>
void each_block(const AttentionBlock& block, Function function) {
  for (std::int64_t first = 0; first < block.before; first += Past::kBlock) {
    function(first / Past::kBlock, first, std::min(Past::kBlock, block.before - first));
  }
}

void add_rows(const AttentionBlock& block, const double* from, std::vector<double>& all) {
  for (std::int64_t j = 0; j < block.keys - block.before; ++j) {
    const double* row = from + (block.key_rows != nullptr ? block.key_rows[j] : j) * block.stride;
    all.insert(all.end(), row, row + block.width);
  }
}

}  // namespace

void score_past(const AttentionBlock& block, const float* q, std::int64_t count, float* scores,
                std::int64_t row, Scratch& scratch, std::size_t buffer) {
  each_block(block, [&](std::int64_t index, std::int64_t first, std::int64_t tokens) {
    const float* keys = block.past->keys<float>(block.layer, block.past_head, index);
    if (tokens < Past::kBlock) {
      float* copy = scratch.floats(buffer, block.width * Past::kBlock);
      for (std::int64_t d = 0; d < block.width; ++d) {
        float* to = std::copy_n(keys + d * Past::kBlock, tokens, copy + d * Past::kBlock);
        std::fill(to, copy + (d + 1) * Past::kBlock, 0.0f);
      }
      keys = copy;
    }
    simd::product({.m = count,
                   .n = tokens,
                   .k = block.width,
                   .a = q,
                   .a_row = block.stride,
                   .b = keys,
                   .b_row = Past::kBlock,
                   .c = scores + first,
                   .c_row = row});
  });
}

void weigh_past(const AttentionBlock& block, const float* weights, std::int64_t count,
                bool accumulate, float* out) {
  each_block(block, [&](std::int64_t index, std::int64_t first, std::int64_t tokens) {
    simd::product({.m = count,
                   .n = block.width,
                   .k = tokens,
                   .a = weights + first,
                   .a_row = block.keys,
                   .b = block.past->values<float>(block.layer, block.past_head, index),
                   .b_row = block.past->value_row(),
                   .c = out,
                   .c_row = block.stride,
                   .accumulate = accumulate || first > 0});
  });
}

std::vector<double> all_keys(const AttentionBlock& block, const double* k) {
  std::vector<double> all;
  each_block(block, [&](std::int64_t index, std::int64_t, std::int64_t tokens) {
    const double* keys = block.past->keys<double>(block.layer, block.past_head, index);
    for (std::int64_t at = 0; at < tokens * block.width; ++at) {
      all.push_back(keys[at % block.width * Past::kBlock + at / block.width]);
    }
  });
  add_rows(block, k, all);
  return all;
}

std::vector<double> all_values(const AttentionBlock& block, const double* v) {
  std::vector<double> all;
  each_block(block, [&](std::int64_t index, std::int64_t, std::int64_t tokens) {
    const double* values = block.past->values<double>(block.layer, block.past_head, index);
    for (std::int64_t j = 0; j < tokens; ++j, values += block.past->value_row()) {
      all.insert(all.end(), values, values + block.width);
    }
  });
  add_rows(block, v, all);
  return all;
}

}  // namespace ascribo::ops
