// SPDX-License-Identifier: MIT
// o = p v by sequence and head. Backward: dp = do v^T and dv = p^T do.
#include <cstring>
#include <vector>

#include "ascribo/ops/attention.h"
#include "ascribo/ops/attention_block.h"

namespace ascribo::ops {
namespace {

// Plain reference for one block.
template <class T>
void mix_block(const AttentionBlock& block, const T* probs, const T* v, T* out) {
  for (std::int64_t i = 0; i < block.queries; ++i) {
    T* row = out + i * block.stride;
    for (std::int64_t d = 0; d < block.width; ++d) row[d] = 0;
    for (std::int64_t j = 0; j < block.keys; ++j) {
      const T p = probs[i * block.keys + j];
      for (std::int64_t d = 0; d < block.width; ++d) row[d] += p * v[j * block.stride + d];
    }
  }
}

// Plain reference of the backward for one block; dp or dv may be null. Adds to both.
template <class T>
void mix_gradient_block(const AttentionBlock& block, const T* probs, const T* v, const T* gradient,
                        T* dp, T* dv) {
  for (std::int64_t i = 0; i < block.queries; ++i) {
    const T* dout = gradient + i * block.stride;
    for (std::int64_t j = 0; j < block.keys; ++j) {
      const T p = probs[i * block.keys + j];
      T dot = 0;
      for (std::int64_t d = 0; d < block.width; ++d) {
        dot += dout[d] * v[j * block.stride + d];
        if (dv) dv[j * block.stride + d] += p * dout[d];
      }
      if (dp) dp[i * block.keys + j] += dot;
    }
  }
}

template <class T>
void forward(const AttentionLayout& layout, const Tensor& probs, const Tensor& v, Tensor& y) {
  const T* weights = probs.data<T>();
  const T* values = v.data<T>();
  T* out = y.mutable_data<T>();
  for_each_block(layout, v.cols(), 1, [&](const AttentionBlock& block, std::int64_t) {
    mix_block(block, weights + block.probs_at, values + block.key_at, out + block.query_at);
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
void gradient(const AttentionLayout& layout, const Tensor& probs, const Tensor& v,
              Backward& backward) {
  GradientSlot dp = zeroed_slot(backward, 0);
  GradientSlot dv = zeroed_slot(backward, 1);
  T* dp_out = dp.tensor.defined() ? dp.tensor.mutable_data<T>() : nullptr;
  T* dv_out = dv.tensor.defined() ? dv.tensor.mutable_data<T>() : nullptr;
  const Tensor& dy = backward.output();
  const std::int64_t per_seed = dy.dim(1) * dy.dim(2);
  for_each_block(layout, v.cols(), backward.seeds(), [&](const AttentionBlock& b, std::int64_t s) {
    mix_gradient_block(b, probs.data<T>() + b.probs_at, v.data<T>() + b.key_at,
                       dy.data<T>() + s * per_seed + b.query_at,
                       dp_out ? dp_out + s * probs.numel() + b.probs_at : nullptr,
                       dv_out ? dv_out + s * v.numel() + b.key_at : nullptr);
  });
}

}  // namespace

Variable attention_mix(const Variable& probs, const Variable& v,
                       std::shared_ptr<const AttentionLayout> layout) {
  const Tensor& weights = probs.value();
  const Tensor& values = v.value();
  ASCRIBO_ASSERT(weights.shape() == Shape{layout->probs_offsets().back()});
  ASCRIBO_ASSERT(values.cols() % layout->heads == 0 && weights.dtype() == values.dtype());
  ASCRIBO_ASSERT(values.dim(0) == layout->key_offsets.back());
  Tensor y = Tensor::empty({layout->query_offsets.back(), values.cols()}, values.dtype());
  const bool single = values.dtype() == Dtype::kF32;
  (single ? forward<float> : forward<double>)(*layout, weights, values, y);
  if (!any_requires_grad({&probs, &v})) return y;
  return record(std::move(y), {probs, v}, [=, weights = weights, values = values](Backward& back) {
    (single ? gradient<float> : gradient<double>)(*layout, weights, values, back);
  });
}

const OpDescriptor& op_attention_mix() {
  static const OpDescriptor descriptor{
      .name = "attention_mix",
      .variants = {"1 head of 3", "2 heads of 5", "3 heads of 4, one query", "12 heads of 64"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t heads = std::vector<std::int64_t>{1, 2, 3, 12}.at(variant);
        const std::int64_t hidden = std::vector<std::int64_t>{3, 10, 12, 768}.at(variant);
        const auto layout = sample_layout(units, heads, false, variant == 2);
        const std::vector<std::int64_t> offsets = layout->probs_offsets();
        Sample sample;
        std::vector<std::int64_t> sizes;
        for (std::size_t u = 0; u < units.size(); ++u) {
          sizes.push_back(offsets[u + 1] - offsets[u]);
          const std::int64_t queries = layout->query_offsets[u + 1] - layout->query_offsets[u];
          sample.output_sizes.push_back(queries * hidden);
        }
        sample.inputs = {{sample_values(units, sizes, 1, {offsets.back()}, dtype), sizes},
                         sample_rows(units, hidden, 2, dtype)};
        sample.apply = [=](const std::vector<Variable>& x) {
          return attention_mix(x[0], x[1], layout);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
