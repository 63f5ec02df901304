// SPDX-License-Identifier: MIT
// p = softmax(scale q k^T) by sequence and head. Backward, with ds = p (dp - sum(p dp)):
// dq = scale ds k and dk = scale ds^T q.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "ascribo/ops/attention.h"
#include "ascribo/ops/attention_block.h"
#include "ascribo/ops/product_simd.h"
#include "ascribo/ops/rows_simd.h"

namespace ascribo::ops {
namespace {

// Plain reference for one block. A sequence whose keys are all hidden gets probabilities of zero.
void probs_block(const AttentionBlock& block, const double* q, const double* k, double scale,
                 double* probs, Scratch&) {
  for (std::int64_t i = 0; i < block.queries; ++i) {
    double* row = probs + i * block.keys;
    double highest = std::numeric_limits<double>::lowest();
    for (std::int64_t j = 0; j < block.keys; ++j) {
      if (block.visible && !block.visible[j]) continue;
      double score = 0;
      for (std::int64_t d = 0; d < block.width; ++d) {
        score += q[i * block.stride + d] * k[j * block.stride + d];
      }
      row[j] = score * scale;
      highest = std::max(highest, row[j]);
    }
    double sum = 0;
    for (std::int64_t j = 0; j < block.keys; ++j) {
      row[j] = block.visible && !block.visible[j] ? 0 : std::exp(row[j] - highest);
      sum += row[j];
    }
    for (std::int64_t j = 0; j < block.keys; ++j) row[j] *= sum == 0 ? 0 : 1 / sum;
  }
}

// The fast path: scores of some queries at a time, in rows padded with masked keys.
void probs_block(const AttentionBlock& block, const float* q, const float* k, float scale,
                 float* probs, Scratch& scratch) {
  constexpr std::int64_t kQueries = 32;
  const std::int64_t width = simd::padded(block.keys);
  float* keys = scratch.floats(0, block.width * width);
  simd::transpose(k, block.stride, block.keys, block.width, keys, width);
  float* mask = scratch.floats(1, width);
  for (std::int64_t j = 0; j < width; ++j) {
    const bool seen = j < block.keys && (!block.visible || block.visible[j]);
    mask[j] = seen ? 0.0f : -std::numeric_limits<float>::infinity();
  }
  float* scores = scratch.floats(2, kQueries * width);
  for (std::int64_t first = 0; first < block.queries; first += kQueries) {
    const std::int64_t count = std::min(kQueries, block.queries - first);
    simd::product({.m = count,
                   .n = width,
                   .k = block.width,
                   .a = q + first * block.stride,
                   .a_row = block.stride,
                   .b = keys,
                   .b_row = width,
                   .c = scores,
                   .c_row = width});
    for (std::int64_t i = 0; i < count; ++i) {
      float* row = scores + i * width;
      simd::softmax_row(row, mask, scale, width, row);
      std::copy_n(row, block.keys, probs + (first + i) * block.keys);
    }
  }
}

// Plain reference of the backward for one block; the targets have been zeroed.
void gradient_block(const AttentionBlock& block, const double* q, const double* k,
                    const double* probs, const double* gradient, double scale, Target<double> dq,
                    Target<double> dk, Scratch&) {
  for (std::int64_t i = 0; i < block.queries; ++i) {
    const double* p = probs + i * block.keys;
    const double* dp = gradient + i * block.keys;
    double dot = 0;
    for (std::int64_t j = 0; j < block.keys; ++j) dot += p[j] * dp[j];
    for (std::int64_t j = 0; j < block.keys; ++j) {
      const double ds = scale * p[j] * (dp[j] - dot);
      for (std::int64_t d = 0; d < block.width; ++d) {
        if (dq.data) dq.data[i * block.stride + d] += ds * k[j * block.stride + d];
        if (dk.data) dk.data[j * block.stride + d] += ds * q[i * block.stride + d];
      }
    }
  }
}

void gradient_block(const AttentionBlock& block, const float* q, const float* k, const float* probs,
                    const float* gradient, float scale, Target<float> dq, Target<float> dk,
                    Scratch& scratch) {
  float* ds = scratch.floats(0, block.queries * block.keys);
  for (std::int64_t at = 0; at < block.queries * block.keys; at += block.keys) {
    simd::softmax_gradient_row(probs + at, gradient + at, scale, block.keys, ds + at);
  }
  if (dq.data) {
    const Columns keys = readable(k, block.keys, block.width, block.stride, scratch, 1);
    simd::product({.m = block.queries,
                   .n = block.width,
                   .k = block.keys,
                   .a = ds,
                   .a_row = block.keys,
                   .b = keys.data,
                   .b_row = keys.row,
                   .c = dq.data,
                   .c_row = block.stride,
                   .accumulate = dq.accumulate});
  }
  if (dk.data) {
    const Columns queries = readable(q, block.queries, block.width, block.stride, scratch, 1);
    simd::product({.m = block.keys,
                   .n = block.width,
                   .k = block.queries,
                   .a = ds,
                   .a_row = 1,
                   .a_col = block.keys,
                   .b = queries.data,
                   .b_row = queries.row,
                   .c = dk.data,
                   .c_row = block.stride,
                   .accumulate = dk.accumulate});
  }
}

template <class T>
void forward(const AttentionLayout& layout, const Tensor& q, const Tensor& k, double scale,
             Tensor& probs) {
  const T* queries = q.data<T>();
  const T* keys = k.data<T>();
  T* out = probs.mutable_data<T>();
  for_each_block(layout, q.cols(), 1, [&](const AttentionBlock& block, std::int64_t, Scratch& own) {
    probs_block(block, queries + block.query_at, keys + block.key_at, static_cast<T>(scale),
                out + block.probs_at, own);
  });
}

template <class T>
void gradient(const AttentionLayout& layout, const Tensor& q, const Tensor& k, const Tensor& probs,
              double scale, Backward& backward) {
  const auto dq = Target<T>::of(backward, 0), dk = Target<T>::of(backward, 1);
  const T* dp = backward.output().data<T>();
  for_each_block(layout, q.cols(), backward.seeds(),
                 [&](const AttentionBlock& block, std::int64_t seed, Scratch& scratch) {
                   gradient_block(block, q.data<T>() + block.query_at, k.data<T>() + block.key_at,
                                  probs.data<T>() + block.probs_at,
                                  dp + seed * probs.numel() + block.probs_at, static_cast<T>(scale),
                                  dq.at(seed * q.numel() + block.query_at),
                                  dk.at(seed * k.numel() + block.key_at), scratch);
                 });
}

}  // namespace

Variable attention_probs(const Variable& q, const Variable& k,
                         const std::shared_ptr<const AttentionLayout>& layout, double scale) {
  const Tensor& queries = q.value();
  const Tensor& keys = k.value();
  ASCRIBO_ASSERT(queries.cols() == keys.cols() && queries.cols() % layout->heads == 0);
  ASCRIBO_ASSERT(queries.dim(0) == layout->query_offsets.back());
  ASCRIBO_ASSERT(keys.dim(0) == layout->key_offsets.back() && queries.dtype() == keys.dtype());
  Tensor probs = Tensor::empty({layout->probs_offsets().back()}, queries.dtype());
  const bool single = queries.dtype() == Dtype::kF32;
  (single ? forward<float> : forward<double>)(*layout, queries, keys, scale, probs);
  if (!any_requires_grad({&q, &k})) return probs;
  return record(probs, {q, k}, [=, queries = queries, keys = keys](Backward& backward) {
    (single ? gradient<float> : gradient<double>)(*layout, queries, keys, probs, scale, backward);
  });
}

const OpDescriptor& op_attention_probs() {
  static const OpDescriptor descriptor{
      .name = "attention_probs",
      .variants = {"1 head of 3", "2 heads of 5, hidden keys", "3 heads of 4, one query",
                   "12 heads of 64"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t heads = std::vector<std::int64_t>{1, 2, 3, 12}.at(variant);
        const std::int64_t hidden = std::vector<std::int64_t>{3, 10, 12, 768}.at(variant);
        const auto layout = sample_layout(units, heads, variant == 1, variant == 2);
        std::vector<SampleUnit> queries(units.begin(), units.end());
        Sample sample;
        for (std::size_t u = 0; u < units.size(); ++u) {
          queries[u].length = layout->query_offsets[u + 1] - layout->query_offsets[u];
          sample.output_sizes.push_back(heads * queries[u].length * units[u].length);
        }
        sample.inputs = {sample_rows(queries, hidden, 1, dtype, 2.0),
                         sample_rows(units, hidden, 2, dtype, 2.0)};
        sample.apply = [=](const std::vector<Variable>& x) {
          return attention_probs(
              x[0], x[1], layout,
              std::sqrt(static_cast<double>(heads) / static_cast<double>(hidden)));
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
