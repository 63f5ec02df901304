// SPDX-License-Identifier: MIT
// Offsets into ragged probabilities, the walk over heads, and layouts for the conformance tests.
#include <algorithm>
#include <bit>

#include "ascribo/ops/attention/attention_block.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/product.h"

namespace ascribo {
namespace {

// From each offset on counted from the number of tokens that ran before.
std::vector<std::int64_t> counted(const AttentionLayout& layout,
                                  const std::vector<std::int64_t>& offsets) {
  std::vector<std::int64_t> places;
  for (std::size_t s = 0; s + 1 < offsets.size(); ++s) {
    for (std::int64_t row = offsets[s]; row < offsets[s + 1]; ++row) {
      places.push_back(layout.before(s) + row - offsets[s]);
    }
  }
  return places;
}

}  // namespace

std::vector<std::int64_t> AttentionLayout::probs_offsets() const {
  std::vector<std::int64_t> offsets{0};
  for (std::size_t s = 0; s + 1 < key_offsets.size(); ++s) {
    const std::int64_t queries = query_offsets[s + 1] - query_offsets[s];
    offsets.push_back(offsets.back() + heads * queries * keys(s));
  }
  return offsets;
}

std::int64_t AttentionLayout::rows_of_keys() const {
  if (key_rows.empty()) return key_offsets.back();
  return 1 + *std::max_element(key_rows.begin(), key_rows.end());
}

std::vector<std::int64_t> AttentionLayout::key_places() const {
  std::vector<std::int64_t> places = counted(*this, key_offsets);
  if (key_rows.empty()) return places;
  std::vector<std::int64_t> of_rows(static_cast<std::size_t>(rows_of_keys()));
  for (std::size_t key = 0; key < key_rows.size(); ++key) {
    of_rows[static_cast<std::size_t>(key_rows[key])] = places[key];
  }
  return of_rows;
}

std::vector<std::int64_t> AttentionLayout::query_places() const {
  return query_positions.empty() ? counted(*this, query_offsets) : query_positions;
}

namespace ops {

float* Scratch::floats(std::size_t buffer, std::int64_t count) {
  Tensor& tensor = buffers_.at(buffer);
  if (!tensor.defined() || tensor.numel() < count) tensor = Tensor::empty({count});
  return tensor.mutable_data<float>();
}

KeyRows key_rows(const AttentionBlock& block, const float* from, Scratch& scratch,
                 std::size_t buffer) {
  if (block.key_rows == nullptr) return {from, block.stride};
  const std::int64_t rows = block.keys - block.before;
  float* copy = scratch.floats(buffer, rows * block.width);
  for (std::int64_t j = 0; j < rows; ++j) {
    std::copy_n(from + block.key_rows[j] * block.stride, block.width, copy + j * block.width);
  }
  return {copy, block.width};
}

Columns readable(const float* from, std::int64_t rows, std::int64_t width, std::int64_t stride,
                 Scratch& scratch, std::size_t buffer) {
  const std::int64_t row = simd::padded(width);
  if (row == width) return {from, stride};
  float* copy = scratch.floats(buffer, rows * row);
  for (std::int64_t r = 0; r < rows; ++r) {
    std::copy_n(from + r * stride, width, copy + r * row);
    std::fill_n(copy + r * row + width, row - width, 0.0f);
  }
  return {copy, row};
}

namespace {

constexpr std::int64_t kTogether = 48;  // rows of one product; a multiple of every tile's
constexpr std::int64_t kLooked = 16;    // rows or columns looked at together

bool all_zero(const float* weights, std::int64_t rows, std::int64_t cols, std::int64_t stride) {
  std::uint32_t bits = 0;
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < cols; ++c) {
      bits |= std::bit_cast<std::uint32_t>(weights[r * stride + c]);
    }
  }
  return bits << 1 == 0;  // the sign does not count
}

}  // namespace

void weigh_keys(const AttentionBlock& block, const float* weights, const float* values,
                bool accumulate, float* out, Scratch& scratch, std::size_t buffer) {
  const std::int64_t rows = block.keys - block.before;
  const KeyRows own_values = key_rows(block, values, scratch, 5);
  const Columns b =
      readable(own_values.data, rows, block.width, own_values.stride, scratch, buffer);
  for (std::int64_t first = 0; first < block.queries; first += kTogether) {
    const std::int64_t count = std::min(kTogether, block.queries - first);
    float* to = out + first * block.stride;
    weigh_past(block, weights + first * block.row, count, accumulate, to);
    const float* own = weights + first * block.row + block.before;
    std::int64_t end = rows;
    while (end > 0) {
      const std::int64_t begin = (end - 1) / kLooked * kLooked;
      if (!all_zero(own + begin, count, end - begin, block.row)) break;
      end = begin;
    }
    simd::product({.m = count,
                   .n = block.width,
                   .k = end,
                   .a = own,
                   .a_row = block.row,
                   .b = b.data,
                   .b_row = b.row,
                   .c = to,
                   .c_row = block.stride,
                   .accumulate = accumulate || block.before > 0});
  }
}

void weigh_queries(const AttentionBlock& block, const float* weights, const float* values,
                   bool accumulate, float* out, Scratch& scratch, std::size_t buffer) {
  const Columns b = readable(values, block.queries, block.width, block.stride, scratch, buffer);
  for (std::int64_t key = 0; key < block.keys; key += kTogether) {
    const std::int64_t count = std::min(kTogether, block.keys - key);
    std::int64_t first = 0;
    while (first < block.queries) {
      const std::int64_t rows = std::min(kLooked, block.queries - first);
      if (!all_zero(weights + first * block.row + key, rows, count, block.row)) break;
      first += rows;
    }
    simd::product({.m = count,
                   .n = block.width,
                   .k = block.queries - first,
                   .a = weights + first * block.row + key,
                   .a_row = 1,
                   .a_col = block.row,
                   .b = b.data + first * b.row,
                   .b_row = b.row,
                   .c = out + key * block.stride,
                   .c_row = block.stride,
                   .accumulate = accumulate});
  }
}

AttentionBlock block_of(const AttentionLayout& layout,
                        const std::vector<std::int64_t>& probs_offsets, std::int64_t hidden,
                        std::size_t s, std::int64_t head) {
  AttentionBlock block{};
  block.queries = layout.query_offsets[s + 1] - layout.query_offsets[s];
  block.keys = layout.keys(s);
  block.width = hidden / layout.heads;
  block.head = head;
  block.row = block.keys;
  block.stride = hidden;
  block.query_at = layout.query_offsets[s] * hidden + head * block.width;
  block.key_at = head * block.width;
  if (layout.key_rows.empty()) {
    block.key_at += layout.key_offsets[s] * hidden;
  } else {
    block.key_rows = &layout.key_rows[0] + layout.key_offsets[s];
  }
  block.probs_at = probs_offsets[s] + head * block.queries * block.keys;
  if (!layout.visible.empty()) block.visible = &layout.visible[0] + layout.key_offsets[s];
  block.before = layout.before(s);
  if (block.before > 0) {
    block.past = layout.pasts[s].get();
    block.layer = layout.layer;
    block.past_head = head / (layout.heads / block.past->form().heads);
  }
  if (!layout.query_positions.empty()) {
    block.positions = &layout.query_positions[0] + layout.query_offsets[s];
  }
  return block;
}

void for_each_head(const AttentionLayout& layout, std::int64_t hidden, std::int64_t seeds,
                   const std::function<void(const AttentionBlock&, std::int64_t seed)>& function) {
  const std::vector<std::int64_t> probs_offsets = layout.probs_offsets();
  parallel_for(seeds * layout.heads, [&](std::int64_t i) {
    for (std::size_t s = 0; s + 1 < layout.key_offsets.size(); ++s) {
      function(block_of(layout, probs_offsets, hidden, s, i % layout.heads), i / layout.heads);
    }
  });
}

void for_each_block(
    const AttentionLayout& layout, std::int64_t hidden, std::int64_t seeds,
    const std::function<void(const AttentionBlock&, std::int64_t seed, Scratch&)>& function) {
  const std::vector<std::int64_t> probs_offsets = layout.probs_offsets();
  const std::int64_t width = hidden / layout.heads;
  // Cost grows with queries times keys; empty blocks count, too, as they may have to write zeros.
  std::vector<std::int64_t> costs{0};
  for (std::size_t s = 0; s + 1 < layout.key_offsets.size(); ++s) {
    const std::int64_t queries = layout.query_offsets[s + 1] - layout.query_offsets[s];
    costs.push_back(costs.back() + layout.heads * (queries + 1) * (layout.keys(s) + 1));
  }
  // A range of costs owns the blocks that start in it.
  parallel_ranges(costs.back() * seeds, width, [&](std::int64_t begin, std::int64_t end) {
    Scratch scratch;
    for (std::int64_t seed = 0; seed < seeds; ++seed) {
      for (std::size_t s = 0; s + 1 < costs.size(); ++s) {
        const std::int64_t cost = (costs[s + 1] - costs[s]) / layout.heads;
        for (std::int64_t head = 0; head < layout.heads; ++head) {
          const std::int64_t start = seed * costs.back() + costs[s] + head * cost;
          if (start < begin || start >= end) continue;
          function(block_of(layout, probs_offsets, hidden, s, head), seed, scratch);
        }
      }
    }
  });
}

std::shared_ptr<const AttentionLayout> sample_layout(std::span<const SampleUnit> units,
                                                     std::int64_t heads, bool hide,
                                                     bool one_query) {
  auto layout = std::make_shared<AttentionLayout>();
  layout->heads = heads;
  layout->query_offsets = {0};
  layout->key_offsets = {0};
  for (const SampleUnit& unit : units) {
    const std::int64_t queries = one_query ? std::min<std::int64_t>(1, unit.length) : unit.length;
    layout->query_offsets.push_back(layout->query_offsets.back() + queries);
    layout->key_offsets.push_back(layout->key_offsets.back() + unit.length);
    if (one_query && queries == 1) {
      layout->query_positions.push_back(std::max<std::int64_t>(0, unit.length - 2));
    }
    for (std::int64_t i = 0; hide && i < unit.length; ++i) layout->visible.push_back(i % 4 != 2);
  }
  return layout;
}

}  // namespace ops
}  // namespace ascribo
