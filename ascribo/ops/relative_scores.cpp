// SPDX-License-Identifier: MIT
// s_ij = q_i . K_b(i,j) + k_j . Q_b(i,j). Fast: products of all queries (keys) with the rows of a
// table that the sequence can meet, from which each pair picks its own. Backward: ds is summed by
// bucket, dq = sums K and dk = sums Q; dK and dQ are the same sums times q and k.
#include "ascribo/ops/relative_scores.h"

#include <algorithm>
#include <cstdlib>

#include "ascribo/base/profile.h"
#include "ascribo/ops/attention/attention_block.h"
#include "ascribo/ops/simd/product.h"

namespace ascribo::ops {
namespace {

// The rows of the tables that one block meets, in its head's columns.
template <class T>
struct BlockTables {
  const T* keys = nullptr;  // first of the rows; null: no such table
  const T* queries = nullptr;
  std::int64_t rows = 0;
  const std::int32_t* buckets;  // of distance 0
  std::int32_t lowest = 0;

  BlockTables(const RelativeTables& tables, const AttentionBlock& block)
      : buckets(tables.buckets.data() + tables.buckets.size() / 2) {
    if (block.queries == 0) return;
    std::int64_t first = 0, last = block.queries - 1;
    if (block.positions) {
      const auto ends = std::minmax_element(block.positions, block.positions + block.queries);
      first = *ends.first, last = *ends.second;
    }
    lowest = buckets[first - (block.keys - 1)];
    rows = buckets[last] - lowest + 1;
    const std::int64_t at = lowest * block.stride + block.head * block.width;
    if (tables.keys.defined()) keys = tables.keys.value().template data<T>() + at;
    if (tables.queries.defined()) queries = tables.queries.value().template data<T>() + at;
  }

  // Among `rows`.
  std::int32_t row(std::int64_t distance) const { return buckets[distance] - lowest; }
};

// Plain reference for one block.
void scores_block(const AttentionBlock& block, const double* q, const double* k,
                  const BlockTables<double>& tables, double* scores, Scratch&) {
  for (std::int64_t i = 0; i < block.queries; ++i) {
    for (std::int64_t j = 0; j < block.keys; ++j) {
      const std::int64_t row = tables.row(block.position(i) - j) * block.stride;
      double sum = 0;
      for (std::int64_t d = 0; d < block.width; ++d) {
        if (tables.keys) sum += q[i * block.stride + d] * tables.keys[row + d];
        if (tables.queries) sum += k[j * block.stride + d] * tables.queries[row + d];
      }
      scores[i * block.keys + j] = sum;
    }
  }
}

constexpr std::int64_t kQueries = 32;  // as many as are worked on at a time

// out `[count, padded(tables.rows)]` = x `[count, width]` times the transpose of the table.
void meet(const AttentionBlock& block, const float* x, std::int64_t count, const float* transposed,
          std::int64_t columns, float* out) {
  simd::product({.m = count,
                 .n = columns,
                 .k = block.width,
                 .a = x,
                 .a_row = block.stride,
                 .b = transposed,
                 .b_row = columns,
                 .c = out,
                 .c_row = columns});
}

void scores_block(const AttentionBlock& block, const float* q, const float* k,
                  const BlockTables<float>& tables, float* scores, Scratch& scratch) {
  const std::int64_t columns = simd::padded(tables.rows);
  float* transposed = scratch.floats(0, block.width * columns);
  float* met_by_keys = nullptr;
  if (tables.queries) {
    simd::transpose(tables.queries, block.stride, tables.rows, block.width, transposed, columns);
    met_by_keys = scratch.floats(1, block.keys * columns);
    meet(block, k, block.keys, transposed, columns, met_by_keys);
  }
  if (tables.keys) {
    simd::transpose(tables.keys, block.stride, tables.rows, block.width, transposed, columns);
  }
  float* met_by_queries = scratch.floats(2, kQueries * columns);
  for (std::int64_t first = 0; first < block.queries; first += kQueries) {
    const std::int64_t last = std::min(first + kQueries, block.queries);
    if (tables.keys) {
      meet(block, q + first * block.stride, last - first, transposed, columns, met_by_queries);
    }
    for (std::int64_t i = first; i < last; ++i) {
      float* row = scores + i * block.keys;
      const std::int64_t position = block.position(i);
      const float* met = met_by_queries + (i - first) * columns;
      for (std::int64_t j = 0; j < block.keys; ++j) {
        row[j] = tables.keys ? met[tables.row(position - j)] : 0.0f;
      }
    }
    // Keys outside: neighbouring queries pick neighbouring entries.
    for (std::int64_t j = 0; met_by_keys && j < block.keys; ++j) {
      const float* met = met_by_keys + j * columns;
      for (std::int64_t i = first; i < last; ++i) {
        scores[i * block.keys + j] += met[tables.row(block.position(i) - j)];
      }
    }
  }
}

// Plain reference of the backward for one block; the targets have been zeroed.
void gradient_block(const AttentionBlock& block, const BlockTables<double>& tables,
                    const double* gradient, Target<double> dq, Target<double> dk, Scratch&) {
  for (std::int64_t i = 0; i < block.queries; ++i) {
    for (std::int64_t j = 0; j < block.keys; ++j) {
      const std::int64_t row = tables.row(block.position(i) - j) * block.stride;
      const double ds = gradient[i * block.keys + j];
      for (std::int64_t d = 0; d < block.width; ++d) {
        if (dq.data) dq.data[i * block.stride + d] += ds * tables.keys[row + d];
        if (dk.data) dk.data[j * block.stride + d] += ds * tables.queries[row + d];
      }
    }
  }
}

// dx (+)= sums `[count, tables.rows]` times the table.
void meet_back(const AttentionBlock& block, const float* sums, std::int64_t count,
               std::int64_t rows, const Columns& table, float* dx, bool accumulate) {
  simd::product({.m = count,
                 .n = block.width,
                 .k = rows,
                 .a = sums,
                 .a_row = rows,
                 .b = table.data,
                 .b_row = table.row,
                 .c = dx,
                 .c_row = block.stride,
                 .accumulate = accumulate});
}

void gradient_block(const AttentionBlock& block, const BlockTables<float>& tables,
                    const float* gradient, Target<float> dq, Target<float> dk, Scratch& scratch) {
  const std::int64_t rows = tables.rows;
  if (dq.data) {
    const Columns table = readable(tables.keys, rows, block.width, block.stride, scratch, 0);
    float* sums = scratch.floats(1, kQueries * rows);
    for (std::int64_t first = 0; first < block.queries; first += kQueries) {
      const std::int64_t last = std::min(first + kQueries, block.queries);
      std::fill_n(sums, (last - first) * rows, 0.0f);
      for (std::int64_t i = first; i < last; ++i) {
        float* own = sums + (i - first) * rows;
        const std::int64_t position = block.position(i);
        for (std::int64_t j = 0; j < block.keys; ++j) {
          own[tables.row(position - j)] += gradient[i * block.keys + j];
        }
      }
      meet_back(block, sums, last - first, rows, table, dq.data + first * block.stride,
                dq.accumulate);
    }
  }
  if (dk.data) {
    const Columns table = readable(tables.queries, rows, block.width, block.stride, scratch, 0);
    float* sums = scratch.floats(1, block.keys * rows);
    std::fill_n(sums, block.keys * rows, 0.0f);
    for (std::int64_t first = 0; first < block.queries; first += kQueries) {
      const std::int64_t last = std::min(first + kQueries, block.queries);
      for (std::int64_t j = 0; j < block.keys; ++j) {
        float* own = sums + j * rows;
        for (std::int64_t i = first; i < last; ++i) {
          own[tables.row(block.position(i) - j)] += gradient[i * block.keys + j];
        }
      }
    }
    meet_back(block, sums, block.keys, rows, table, dk.data, dk.accumulate);
  }
}

template <class T>
void forward(const AttentionLayout& layout, const Tensor& q, const Tensor& k,
             const RelativeTables& tables, Tensor& scores) {
  const T* queries = q.data<T>();
  const T* keys = k.data<T>();
  T* out = scores.mutable_data<T>();
  for_each_block(layout, q.cols(), 1, [&](const AttentionBlock& block, std::int64_t, Scratch& own) {
    scores_block(block, queries + block.query_at, keys + block.key_at,
                 BlockTables<T>(tables, block), out + block.probs_at, own);
  });
}

// The places of q, k and the tables among the inputs.
constexpr std::size_t kQ = 0, kK = 1, kTableKeys = 2, kTableQueries = 3;

template <class T>
void gradient(const AttentionLayout& layout, const RelativeTables& tables, std::int64_t q_numel,
              std::int64_t k_numel, Backward& backward) {
  const Target<T> dq = tables.keys.defined() ? Target<T>::of(backward, kQ) : Target<T>{};
  const Target<T> dk = tables.queries.defined() ? Target<T>::of(backward, kK) : Target<T>{};
  if (!dq.data && !dk.data) return;
  const Tensor& ds = backward.output();
  const std::int64_t hidden = (tables.keys.defined() ? tables.keys : tables.queries).value().cols();
  const std::int64_t per_seed = ds.numel() / backward.seeds();
  for_each_block(layout, hidden, backward.seeds(),
                 [&](const AttentionBlock& block, std::int64_t seed, Scratch& scratch) {
                   gradient_block(block, BlockTables<T>(tables, block),
                                  ds.data<T>() + seed * per_seed + block.probs_at,
                                  dq.at(seed * q_numel + block.query_at),
                                  dk.at(seed * k_numel + block.key_at), scratch);
                 });
}

// The gradient of a table: each pair adds ds_ij times its query's (or key's) vector to the row of
// its distance. A thread owns heads and walks all sequences, so that the order is always the same.
template <class T>
void table_gradient(const AttentionLayout& layout, const RelativeTables& tables, const Tensor& x,
                    bool of_keys, Backward& backward) {
  GradientSlot slot = backward.slot(of_keys ? kTableKeys : kTableQueries);
  T* to = slot.tensor.mutable_data<T>();
  if (!slot.accumulate) std::fill_n(to, slot.tensor.numel(), T{0});
  const std::int64_t hidden = x.cols(), seeds = backward.seeds();
  const std::int64_t per_table = slot.tensor.numel() / seeds;
  const Tensor& ds = backward.output();
  const std::int64_t per_seed = ds.numel() / seeds;
  for_each_head(layout, hidden, seeds, [&](const AttentionBlock& block, std::int64_t seed) {
    const T* from = ds.data<T>() + seed * per_seed + block.probs_at;
    const T* vectors = x.data<T>() + (of_keys ? block.query_at : block.key_at);
    T* table = to + seed * per_table + block.head * block.width;
    const std::int32_t* buckets = tables.buckets.data() + tables.buckets.size() / 2;
    for (std::int64_t i = 0; i < block.queries; ++i) {
      for (std::int64_t j = 0; j < block.keys; ++j) {
        T* row = table + buckets[block.position(i) - j] * hidden;
        const T* vector = vectors + (of_keys ? i : j) * hidden;
        const T factor = from[i * block.keys + j];
        for (std::int64_t d = 0; d < block.width; ++d) row[d] += factor * vector[d];
      }
    }
  });
}

}  // namespace

Variable relative_scores(const Variable& q, const Variable& k,
                         const std::shared_ptr<const AttentionLayout>& layout,
                         const std::shared_ptr<const RelativeTables>& tables) {
  const ProfileScope scope("ops", "relative_scores");
  const Tensor& queries = q.value();
  const Tensor& keys = k.value();
  ASCRIBO_ASSERT(queries.cols() == keys.cols() && queries.cols() % layout->heads == 0);
  ASCRIBO_ASSERT(queries.dim(0) == layout->query_offsets.back());
  ASCRIBO_ASSERT(keys.dim(0) == layout->key_offsets.back() && queries.dtype() == keys.dtype());
  ASCRIBO_ASSERT(tables->keys.defined() || tables->queries.defined());
  Tensor scores = Tensor::empty({layout->probs_offsets().back()}, queries.dtype());
  const bool single = queries.dtype() == Dtype::kF32;
  (single ? forward<float> : forward<double>)(*layout, queries, keys, *tables, scores);
  // What meets no table has no part in the scores; vectors are kept for a table's gradient only.
  const std::vector<Variable> inputs{tables->keys.defined() ? q : Variable(),
                                     tables->queries.defined() ? k : Variable(), tables->keys,
                                     tables->queries};
  const Tensor kept_q = tables->keys.requires_grad() ? queries : Tensor();
  const Tensor kept_k = tables->queries.requires_grad() ? keys : Tensor();
  return record(std::move(scores), inputs,
                [=, in_q = queries.numel(), in_k = keys.numel()](Backward& backward) {
                  const ProfileScope scope("ops", "relative_scores backward");
                  const auto run = single ? gradient<float> : gradient<double>;
                  run(*layout, *tables, in_q, in_k, backward);
                  const auto run_table = single ? table_gradient<float> : table_gradient<double>;
                  if (backward.wanted(kTableKeys))
                    run_table(*layout, *tables, kept_q, true, backward);
                  if (backward.wanted(kTableQueries)) {
                    run_table(*layout, *tables, kept_k, false, backward);
                  }
                });
}

namespace {

constexpr std::int32_t kBuckets = 24;

// Distances up to 4 of their own, then one bucket for 40 at a time.
std::int32_t sample_bucket(std::int64_t distance) {
  const std::int64_t size = std::abs(distance);
  const std::int64_t bucket = size <= 4 ? size : std::min<std::int64_t>(11, 5 + size / 40);
  return kBuckets / 2 + static_cast<std::int32_t>(distance < 0 ? -bucket : bucket);
}

}  // namespace

const OpDescriptor& op_relative_scores() {
  static const OpDescriptor descriptor{
      .name = "relative_scores",
      .variants = {"2 heads of 5", "3 heads of 4, keys' table, one query",
                   "2 heads of 5, queries' table", "12 heads of 64"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t heads = std::vector<std::int64_t>{2, 3, 2, 12}.at(variant);
        const std::int64_t hidden = std::vector<std::int64_t>{10, 12, 10, 768}.at(variant);
        const auto layout = sample_layout(units, heads, false, variant == 1);
        const auto tables = std::make_shared<RelativeTables>();
        if (variant != 2) tables->keys = sample_constant(3, {kBuckets, hidden}, dtype);
        if (variant != 1) tables->queries = sample_constant(4, {kBuckets, hidden}, dtype);
        for (std::int64_t at = -511; at <= 511; ++at) tables->buckets.push_back(sample_bucket(at));
        std::vector<SampleUnit> queries(units.begin(), units.end());
        Sample sample;
        for (std::size_t u = 0; u < units.size(); ++u) {
          queries[u].length = layout->query_offsets[u + 1] - layout->query_offsets[u];
          sample.output_sizes.push_back(heads * queries[u].length * units[u].length);
        }
        const SampleInput q = sample_rows(queries, hidden, 1, dtype);
        const SampleInput k = sample_rows(units, hidden, 2, dtype);
        if (variant != 2) sample.inputs.push_back(q);
        if (variant != 1) sample.inputs.push_back(k);
        if (variant != 2) sample.parameters.push_back(tables->keys.value());
        if (variant != 1) sample.parameters.push_back(tables->queries.value());
        sample.apply = [=, count = sample.inputs.size()](const std::vector<Variable>& x) {
          auto used = std::make_shared<RelativeTables>(*tables);
          if (x.size() > count && variant != 2) used->keys = x[count];
          if (x.size() > count && variant != 1) used->queries = x.back();
          return relative_scores(variant == 2 ? Variable(q.value) : x[0],
                                 variant == 1 ? Variable(k.value) : x[count - 1], layout, used);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
