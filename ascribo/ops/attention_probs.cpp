// SPDX-License-Identifier: MIT
// p = softmax(scale q k^T) by sequence and head. Backward, with ds = p (dp - sum(p dp)):
// dq = scale ds k and dk = scale ds^T q.
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "ascribo/ops/attention.h"
#include "ascribo/ops/attention_block.h"

namespace ascribo::ops {
namespace {

// Plain reference for one block. A sequence whose keys are all hidden gets probabilities of zero.
template <class T>
void probs_block(const AttentionBlock& block, const T* q, const T* k, T scale, T* probs) {
  for (std::int64_t i = 0; i < block.queries; ++i) {
    T* row = probs + i * block.keys;
    T highest = std::numeric_limits<T>::lowest();
    for (std::int64_t j = 0; j < block.keys; ++j) {
      if (block.visible && !block.visible[j]) continue;
      T score = 0;
      for (std::int64_t d = 0; d < block.width; ++d) {
        score += q[i * block.stride + d] * k[j * block.stride + d];
      }
      row[j] = score * scale;
      highest = std::max(highest, row[j]);
    }
    T sum = 0;
    for (std::int64_t j = 0; j < block.keys; ++j) {
      row[j] = block.visible && !block.visible[j] ? 0 : std::exp(row[j] - highest);
      sum += row[j];
    }
    const T inverse = sum == 0 ? 0 : 1 / sum;
    for (std::int64_t j = 0; j < block.keys; ++j) row[j] *= inverse;
  }
}

// Plain reference of the backward for one block; dq or dk may be null. Adds to both.
template <class T>
void probs_gradient_block(const AttentionBlock& block, const T* q, const T* k, const T* probs,
                          const T* gradient, T scale, T* dq, T* dk) {
  for (std::int64_t i = 0; i < block.queries; ++i) {
    const T* p = probs + i * block.keys;
    const T* dp = gradient + i * block.keys;
    T dot = 0;
    for (std::int64_t j = 0; j < block.keys; ++j) dot += p[j] * dp[j];
    for (std::int64_t j = 0; j < block.keys; ++j) {
      const T ds = scale * p[j] * (dp[j] - dot);
      for (std::int64_t d = 0; d < block.width; ++d) {
        if (dq) dq[i * block.stride + d] += ds * k[j * block.stride + d];
        if (dk) dk[j * block.stride + d] += ds * q[i * block.stride + d];
      }
    }
  }
}

template <class T>
void forward(const AttentionLayout& layout, const Tensor& q, const Tensor& k, double scale,
             Tensor& probs) {
  const T* queries = q.data<T>();
  const T* keys = k.data<T>();
  T* out = probs.mutable_data<T>();
  for_each_block(layout, q.cols(), 1, [&](const AttentionBlock& block, std::int64_t) {
    probs_block(block, queries + block.query_at, keys + block.key_at, static_cast<T>(scale),
                out + block.probs_at);
  });
}

// The slot of an input, zeroed unless it accumulates; undefined when nobody wants it.
GradientSlot zeroed_slot(Backward& backward, std::size_t input) {
  if (!backward.wanted(input)) return {};
  GradientSlot slot = backward.slot(input);
  if (!slot.accumulate && slot.tensor.bytes() > 0) {
    std::memset(slot.tensor.mutable_raw(), 0, slot.tensor.bytes());
  }
  return slot;
}

template <class T>
void gradient(const AttentionLayout& layout, const Tensor& q, const Tensor& k, const Tensor& probs,
              double scale, Backward& backward) {
  GradientSlot dq = zeroed_slot(backward, 0);
  GradientSlot dk = zeroed_slot(backward, 1);
  T* dq_out = dq.tensor.defined() ? dq.tensor.mutable_data<T>() : nullptr;
  T* dk_out = dk.tensor.defined() ? dk.tensor.mutable_data<T>() : nullptr;
  const T* dp = backward.output().data<T>();
  for_each_block(layout, q.cols(), backward.seeds(), [&](const AttentionBlock& b, std::int64_t s) {
    probs_gradient_block(b, q.data<T>() + b.query_at, k.data<T>() + b.key_at,
                         probs.data<T>() + b.probs_at, dp + s * probs.numel() + b.probs_at,
                         static_cast<T>(scale),
                         dq_out ? dq_out + s * q.numel() + b.query_at : nullptr,
                         dk_out ? dk_out + s * k.numel() + b.key_at : nullptr);
  });
}

}  // namespace

Variable attention_probs(const Variable& q, const Variable& k,
                         std::shared_ptr<const AttentionLayout> layout, double scale) {
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
