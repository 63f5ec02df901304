// SPDX-License-Identifier: MIT
// p = softmax(scale (q k^T + added) + by_distance) by sequence and head. Backward, with
// ds = scale p (dp - sum(p dp)): dq = ds k, dk = ds^T q, dadded = ds; dby_distance is the sum of
// ds / scale over all pairs as far apart.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "ascribo/base/profile.h"
#include "ascribo/ops/attention.h"
#include "ascribo/ops/attention/attention_gradient.h"
#include "ascribo/ops/simd/product.h"
#include "ascribo/ops/simd/rows.h"

namespace ascribo::ops {
namespace {

// ScoreTerms as one block sees them; pointers are null where a term is left out.
template <class T>
struct BlockTerms {
  bool causal;
  std::int64_t window;
  const T* by_distance;  // of a key at the query's own place
  const T* added;        // [queries, keys]

  BlockTerms(const ScoreTerms& terms, const AttentionBlock& block)
      : causal(terms.causal), window(terms.window), by_distance(nullptr), added(nullptr) {
    if (terms.by_distance.defined()) {
      const std::int64_t entries = terms.by_distance.value().cols();
      by_distance =
          terms.by_distance.value().template data<T>() + block.head * entries + entries / 2;
    }
    if (terms.added.defined()) added = terms.added.value().template data<T>() + block.probs_at;
  }

  // The keys that a query at `position` sees.
  std::pair<std::int64_t, std::int64_t> seen(std::int64_t position, std::int64_t keys) const {
    std::int64_t first = 0, last = reached(position, keys);
    if (window >= 0) {
      first = std::max(first, position - window);
      last = std::min(last, position + window + 1);
    }
    return {first, last};
  }

  // The keys up to this one decide its scores; those after it need not be looked at.
  std::int64_t reached(std::int64_t position, std::int64_t keys) const {
    return causal ? std::min(keys, position + 1) : keys;
  }
};

// Plain reference for one block. A sequence whose keys are all hidden gets probabilities of zero.
void probs_block(const AttentionBlock& block, const double* q, const double* k, double scale,
                 const BlockTerms<double>& terms, double* probs, Scratch&) {
  const std::vector<double> keys = all_keys(block, k);
  for (std::int64_t i = 0; i < block.queries; ++i) {
    double* row = probs + i * block.keys;
    const std::int64_t position = block.position(i);
    const auto [first, last] = terms.seen(position, block.keys);
    const auto hidden = [&, begin = first, end = last](std::int64_t j) {
      return j < begin || j >= end || !block.sees(j);
    };
    double highest = std::numeric_limits<double>::lowest();
    for (std::int64_t j = 0; j < block.keys; ++j) {
      if (hidden(j)) continue;
      double score = terms.added ? terms.added[i * block.keys + j] : 0;
      for (std::int64_t d = 0; d < block.width; ++d) {
        score += q[i * block.stride + d] * keys[static_cast<std::size_t>(j * block.width + d)];
      }
      row[j] = score * scale + (terms.by_distance ? terms.by_distance[j - position] : 0);
      highest = std::max(highest, row[j]);
    }
    double sum = 0;
    for (std::int64_t j = 0; j < block.keys; ++j) {
      row[j] = hidden(j) ? 0 : std::exp(row[j] - highest);
      sum += row[j];
    }
    for (std::int64_t j = 0; j < block.keys; ++j) row[j] *= sum == 0 ? 0 : 1 / sum;
  }
}

// What one query adds to its scaled scores: the block's mask, what depends on distance, and the
// ends of what it sees.
const float* row_mask(const BlockTerms<float>& terms, std::int64_t position, std::int64_t keys,
                      const float* mask, float* own) {
  if (!terms.by_distance && terms.window < 0 && !terms.causal) return mask;
  const auto [first, last] = terms.seen(position, keys);
  const std::int64_t width = simd::padded(terms.reached(position, keys));
  std::fill_n(own, first, -std::numeric_limits<float>::infinity());
  std::fill(own + last, own + width, -std::numeric_limits<float>::infinity());
  if (!terms.by_distance) {
    std::copy(mask + first, mask + last, own + first);
  } else {
    const float* by_distance = terms.by_distance - position;
    for (std::int64_t j = first; j < last; ++j) own[j] = mask[j] + by_distance[j];
  }
  return own;
}

// The fast path: scores of some queries at a time, in rows padded with masked keys.
void probs_block(const AttentionBlock& block, const float* q, const float* k, float scale,
                 const BlockTerms<float>& terms, float* probs, Scratch& scratch) {
  constexpr std::int64_t kQueries = 32;
  // A row of scores is padded as a whole; what is left of it after the past are those of k.
  const std::int64_t width = simd::padded(block.keys);
  const std::int64_t rows = simd::padded(width - block.before);
  float* keys = scratch.floats(0, block.width * rows);
  const KeyRows from = key_rows(block, k, scratch, 5);
  simd::transpose(from.data, from.stride, block.keys - block.before, block.width, keys, rows);
  float* mask = scratch.floats(1, width);
  for (std::int64_t j = 0; j < width; ++j) {
    const bool seen = j < block.keys && block.sees(j);
    mask[j] = seen ? 0.0f : -std::numeric_limits<float>::infinity();
  }
  float* scores = scratch.floats(2, kQueries * width);
  float* own = scratch.floats(3, width);
  for (std::int64_t first = 0; first < block.queries; first += kQueries) {
    const std::int64_t count = std::min(kQueries, block.queries - first);
    std::int64_t reached = 0;  // by any of these queries
    for (std::int64_t i = first; i < first + count; ++i) {
      reached = std::max(reached, terms.reached(block.position(i), block.keys));
    }
    score_past(block, q + first * block.stride, count, scores, width, scratch, 4);
    simd::product({.m = count,
                   .n = simd::padded(reached) - block.before,
                   .k = block.width,
                   .a = q + first * block.stride,
                   .a_row = block.stride,
                   .b = keys,
                   .b_row = rows,
                   .c = scores + block.before,
                   .c_row = width});
    for (std::int64_t i = 0; i < count; ++i) {
      float* row = scores + i * width;
      float* out = probs + (first + i) * block.keys;
      const std::int64_t position = block.position(first + i);
      const std::int64_t own_keys = terms.reached(position, block.keys);
      if (terms.added) simd::add(row, terms.added + (first + i) * block.keys, own_keys, row);
      simd::softmax_row(row, row_mask(terms, position, block.keys, mask, own), scale,
                        simd::padded(own_keys), row);
      std::copy_n(row, own_keys, out);
      std::fill(out + own_keys, out + block.keys, 0.0f);
    }
  }
}

// Plain reference of the backward for one block; the targets have been zeroed.
void gradient_block(const AttentionBlock& block, const double* q, const double* k,
                    const double* probs, const double* gradient, double scale, Target<double> dq,
                    Target<double> dk, Target<double> dadded, Scratch&) {
  for (std::int64_t i = 0; i < block.queries; ++i) {
    const double* p = probs + i * block.row;
    const double* dp = gradient + i * block.row;
    double dot = 0;
    for (std::int64_t j = 0; j < block.row; ++j) dot += p[j] * dp[j];
    for (std::int64_t j = 0; j < block.row; ++j) {
      const double ds = scale * p[j] * (dp[j] - dot);
      if (dadded.data) dadded.data[i * block.row + j] += ds;
      for (std::int64_t d = 0; d < block.width; ++d) {
        if (dq.data) dq.data[i * block.stride + d] += ds * k[j * block.stride + d];
        if (dk.data && j < block.keys)
          dk.data[j * block.stride + d] += ds * q[i * block.stride + d];
      }
    }
  }
}

void gradient_block(const AttentionBlock& block, const float* q, const float* k, const float* probs,
                    const float* gradient, float scale, Target<float> dq, Target<float> dk,
                    Target<float> dadded, Scratch& scratch) {
  const std::int64_t scores = block.queries * block.row;
  float* ds = scratch.floats(0, scores);
  for (std::int64_t at = 0; at < scores; at += block.row) {
    simd::softmax_gradient_row(probs + at, gradient + at, scale, block.row, ds + at);
  }
  if (dadded.data && dadded.accumulate) {
    simd::add(dadded.data, ds, scores, dadded.data);
  } else if (dadded.data) {
    std::copy_n(ds, scores, dadded.data);
  }
  if (dq.data) weigh_keys(block, ds, k, dq.accumulate, dq.data, scratch, 1);
  if (dk.data) weigh_queries(block, ds, q, dk.accumulate, dk.data, scratch, 1);
}

template <class T>
void forward(const AttentionLayout& layout, const Tensor& q, const Tensor& k, double scale,
             const ScoreTerms& terms, Tensor& probs) {
  const T* queries = q.data<T>();
  const T* keys = k.data<T>();
  T* out = probs.mutable_data<T>();
  for_each_block(layout, q.cols(), 1, [&](const AttentionBlock& block, std::int64_t, Scratch& own) {
    probs_block(block, queries + block.query_at, keys + block.key_at, static_cast<T>(scale),
                BlockTerms<T>(terms, block), out + block.probs_at, own);
  });
}

template <class T>
void gradient(const AttentionLayout& layout, const Tensor& q, const Tensor& k, const Tensor& probs,
              double scale, Backward& backward) {
  const auto dq = Target<T>::of(backward, 0), dk = Target<T>::of(backward, 1);
  const Target<T> dadded = Target<T>::of(backward, 2);
  if (!dq.data && !dk.data && !dadded.data) return;
  const T* dp = backward.output().data<T>();
  const AttentionRows rows{.queries = dq.data ? &backward.rows(0) : nullptr,
                           .keys = dk.data ? &backward.rows(1) : nullptr,
                           .probs = &backward.rows()};
  for_each_gradient_block(layout, q.cols(), rows, [&](const GradientBlock& own, Scratch& scratch) {
    const AttentionBlock& block = own.block;
    gradient_block(block, q.data<T>() + block.query_at, k.data<T>() + block.key_at,
                   probs.data<T>() + block.probs_at, dp + own.probs_at, static_cast<T>(scale),
                   dq.at(own.query_at), dk.at(own.key_at), dadded.at(own.probs_at), scratch);
  });
}

template <class T>
void distance_gradient(const AttentionLayout& layout, std::int64_t hidden, const Tensor& probs,
                       Backward& backward) {
  GradientSlot slot = backward.slot(3);
  const std::int64_t entries = slot.tensor.cols(), seeds = backward.seeds();
  T* to = slot.tensor.mutable_data<T>();
  if (!slot.accumulate) std::fill_n(to, slot.tensor.numel(), T{0});
  for_each_head(layout, hidden, seeds, [&](const AttentionBlock& block, std::int64_t seed) {
    T* sums = to + (seed * layout.heads + block.head) * entries + entries / 2;
    for (std::int64_t i = 0; i < block.queries; ++i) {
      const std::int64_t at = block.probs_at + i * block.keys;
      const T* p = probs.data<T>() + at;
      const T* dp = backward.output().data<T>() + seed * probs.numel() + at;
      T dot = 0;
      for (std::int64_t j = 0; j < block.keys; ++j) dot += p[j] * dp[j];
      T* own = sums - block.position(i);
      for (std::int64_t j = 0; j < block.keys; ++j) own[j] += p[j] * (dp[j] - dot);
    }
  });
}

}  // namespace

Variable attention_probs(const Variable& q, const Variable& k,
                         const std::shared_ptr<const AttentionLayout>& layout, double scale,
                         const ScoreTerms& terms) {
  const ProfileScope scope("ops", "attention_probs");
  const Tensor& queries = q.value();
  const Tensor& keys = k.value();
  ASCRIBO_ASSERT(queries.cols() == keys.cols() && queries.cols() % layout->heads == 0);
  ASCRIBO_ASSERT(queries.dim(0) == layout->query_offsets.back());
  ASCRIBO_ASSERT(keys.dim(0) == layout->rows_of_keys() && queries.dtype() == keys.dtype());
  ASCRIBO_ASSERT(!terms.by_distance.defined() || terms.by_distance.value().dim(0) == layout->heads);
  Tensor probs = Tensor::empty({layout->probs_offsets().back()}, queries.dtype());
  ASCRIBO_ASSERT(!terms.added.defined() || terms.added.value().shape() == probs.shape());
  const bool single = queries.dtype() == Dtype::kF32;
  (single ? forward<float> : forward<double>)(*layout, queries, keys, scale, terms, probs);
  if (!any_requires_grad({&q, &k, &terms.added, &terms.by_distance})) return probs;
  ASCRIBO_ASSERT(layout->pasts.empty() && layout->key_rows.empty());
  return record(
      probs, {q, k, terms.added, terms.by_distance},
      [=, queries = queries, keys = keys](Backward& backward) {
        const ProfileScope scope("ops", "attention_probs backward");
        const auto run = single ? gradient<float> : gradient<double>;
        run(*layout, queries, keys, probs, scale, backward);
        if (!backward.wanted(3)) return;
        const auto sums = single ? distance_gradient<float> : distance_gradient<double>;
        sums(*layout, queries.cols(), probs, backward);
      },
      [layout, causal = terms.causal](const GradientRowsPtr& output,
                                      std::size_t input) -> GradientRowsPtr {
        if (input == 3) return nullptr;
        if (input == 2) return output;
        const GradientRowsPtr asking = query_rows(*layout, *output);
        return input == 0 || !asking ? asking : reached_keys(*layout, *asking, causal);
      });
}

namespace {

// A variant of the samples.
struct SampleKind {
  std::int64_t heads, width;
  bool hide = false, one_query = false;
  bool by_distance = false, added = false;
  bool causal = false;
  std::int64_t window = -1;
};

const std::vector<SampleKind>& sample_kinds() {
  static const std::vector<SampleKind> kinds{
      {.heads = 1, .width = 3},
      {.heads = 2, .width = 5, .hide = true},
      {.heads = 3, .width = 4, .one_query = true},
      {.heads = 12, .width = 64},
      {.heads = 2, .width = 5, .hide = true, .window = 2},
      {.heads = 3, .width = 4, .one_query = true, .by_distance = true},
      {.heads = 2, .width = 5, .added = true},
      {.heads = 2, .width = 5, .causal = true},
      {.heads = 2, .width = 5, .hide = true, .causal = true, .window = 2},
      {.heads = 3, .width = 4, .one_query = true, .causal = true},
      {.heads = 2, .width = 5, .by_distance = true, .added = true, .causal = true}};
  return kinds;
}

ScoreTerms sample_terms(const SampleKind& kind, Dtype dtype) {
  ScoreTerms terms{.causal = kind.causal, .window = kind.window};
  if (kind.by_distance) {
    terms.by_distance = sample_constant(4, {kind.heads, 1023}, dtype, 2.0);
  }
  return terms;
}

}  // namespace

const OpDescriptor& op_attention_probs() {
  static const OpDescriptor descriptor{
      .name = "attention_probs",
      .variants = {"1 head of 3", "2 heads of 5, hidden keys", "3 heads of 4, one query",
                   "12 heads of 64", "2 heads of 5, window, hidden keys",
                   "3 heads of 4, by distance, one query", "2 heads of 5, added",
                   "2 heads of 5, causal", "2 heads of 5, causal, window, hidden keys",
                   "3 heads of 4, causal, one query", "2 heads of 5, causal, by distance, added"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const SampleKind& kind = sample_kinds().at(variant);
        const std::int64_t heads = kind.heads, hidden = kind.heads * kind.width;
        const auto layout = sample_layout(units, heads, kind.hide, kind.one_query);
        std::vector<SampleUnit> queries(units.begin(), units.end());
        Sample sample;
        for (std::size_t u = 0; u < units.size(); ++u) {
          queries[u].length = layout->query_offsets[u + 1] - layout->query_offsets[u];
          sample.output_sizes.push_back(heads * queries[u].length * units[u].length);
        }
        sample.inputs = {sample_rows(queries, hidden, 1, dtype, 2.0),
                         sample_rows(units, hidden, 2, dtype, 2.0)};
        if (kind.added) {
          const std::vector<std::int64_t>& sizes = sample.output_sizes;
          const Shape shape{layout->probs_offsets().back()};
          sample.inputs.push_back({sample_values(units, sizes, 3, shape, dtype, 2.0), sizes});
        }
        const double scale = 1 / std::sqrt(static_cast<double>(kind.width));
        const ScoreTerms known = sample_terms(kind, dtype);
        if (kind.by_distance) sample.parameters = {known.by_distance.value()};
        sample.apply = [=, inputs = sample.inputs.size()](const std::vector<Variable>& x) {
          ScoreTerms terms = known;
          if (kind.added) terms.added = x[2];
          if (x.size() > inputs) terms.by_distance = x.back();
          return attention_probs(x[0], x[1], layout, scale, terms);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
