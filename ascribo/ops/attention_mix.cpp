// SPDX-License-Identifier: MIT
// o = p v by sequence and head. Backward: dp = do v^T and dv = p^T do.
#include <vector>

#include "ascribo/base/profile.h"
#include "ascribo/ops/attention.h"
#include "ascribo/ops/attention/attention_gradient.h"
#include "ascribo/ops/simd/product.h"

namespace ascribo::ops {
namespace {

// Plain reference for one block.
void mix_block(const AttentionBlock& block, const double* probs, const double* v, double* out,
               Scratch&) {
  const std::vector<double> values = all_values(block, v);
  for (std::int64_t i = 0; i < block.queries; ++i) {
    double* row = out + i * block.stride;
    for (std::int64_t d = 0; d < block.width; ++d) row[d] = 0;
    const double* value = values.data();
    for (std::int64_t j = 0; j < block.keys; ++j, value += block.width) {
      const double p = probs[i * block.keys + j];
      for (std::int64_t d = 0; d < block.width; ++d) row[d] += p * value[d];
    }
  }
}

void mix_block(const AttentionBlock& block, const float* probs, const float* v, float* out,
               Scratch& scratch) {
  weigh_keys(block, probs, v, false, out, scratch, 0);
}

// Plain reference of the backward for one block; the targets have been zeroed. Probabilities have a
// gradient for all keys, also those that get none themselves.
void gradient_block(const AttentionBlock& block, const double* probs, const double* v,
                    const double* gradient, Target<double> dp, Target<double> dv, Scratch&) {
  for (std::int64_t i = 0; i < block.queries; ++i) {
    const double* dout = gradient + i * block.stride;
    for (std::int64_t j = 0; j < block.row; ++j) {
      const double p = probs[i * block.row + j];
      double dot = 0;
      for (std::int64_t d = 0; d < block.width; ++d) {
        dot += dout[d] * v[j * block.stride + d];
        if (dv.data && j < block.keys) dv.data[j * block.stride + d] += p * dout[d];
      }
      if (dp.data) dp.data[i * block.row + j] += dot;
    }
  }
}

void gradient_block(const AttentionBlock& block, const float* probs, const float* v,
                    const float* gradient, Target<float> dp, Target<float> dv, Scratch& scratch) {
  if (dp.data) {
    const std::int64_t width = simd::padded(block.row);
    float* values = scratch.floats(0, block.width * width);
    simd::transpose(v, block.stride, block.row, block.width, values, width);
    simd::product({.m = block.queries,
                   .n = block.row,
                   .k = block.width,
                   .a = gradient,
                   .a_row = block.stride,
                   .b = values,
                   .b_row = width,
                   .c = dp.data,
                   .c_row = block.row,
                   .accumulate = dp.accumulate});
  }
  if (dv.data) weigh_queries(block, probs, gradient, dv.accumulate, dv.data, scratch, 1);
}

template <class T>
void forward(const AttentionLayout& layout, const Tensor& probs, const Tensor& v, Tensor& y) {
  const T* weights = probs.data<T>();
  const T* values = v.data<T>();
  T* out = y.mutable_data<T>();
  for_each_block(layout, v.cols(), 1, [&](const AttentionBlock& block, std::int64_t, Scratch& own) {
    mix_block(block, weights + block.probs_at, values + block.key_at, out + block.query_at, own);
  });
}

template <class T>
void gradient(const AttentionLayout& layout, const Tensor& probs, const Tensor& v,
              Backward& backward) {
  const auto dp = Target<T>::of(backward, 0), dv = Target<T>::of(backward, 1);
  const T* dy = backward.output().data<T>();
  const GradientRowsPtr own_probs = dp.data ? nullptr : probs_rows(layout, backward.rows());
  const AttentionRows rows{.queries = &backward.rows(),
                           .keys = dv.data ? &backward.rows(1) : nullptr,
                           .probs = dp.data ? &backward.rows(0) : own_probs.get()};
  for_each_gradient_block(layout, v.cols(), rows, [&](const GradientBlock& own, Scratch& scratch) {
    const AttentionBlock& block = own.block;
    gradient_block(block, probs.data<T>() + block.probs_at, v.data<T>() + block.key_at,
                   dy + own.query_at, dp.at(own.probs_at), dv.at(own.key_at), scratch);
  });
}

}  // namespace

Variable attention_mix(const Variable& probs, const Variable& v,
                       const std::shared_ptr<const AttentionLayout>& layout, bool causal) {
  const ProfileScope scope("ops", "attention_mix");
  const Tensor& weights = probs.value();
  const Tensor& values = v.value();
  ASCRIBO_ASSERT(weights.shape() == Shape{layout->probs_offsets().back()});
  ASCRIBO_ASSERT(values.cols() % layout->heads == 0 && weights.dtype() == values.dtype());
  ASCRIBO_ASSERT(values.dim(0) == layout->rows_of_keys());
  Tensor y = Tensor::empty({layout->query_offsets.back(), values.cols()}, values.dtype());
  const bool single = values.dtype() == Dtype::kF32;
  (single ? forward<float> : forward<double>)(*layout, weights, values, y);
  if (!any_requires_grad({&probs, &v})) return y;
  ASCRIBO_ASSERT(layout->pasts.empty() && layout->key_rows.empty());
  return record(
      std::move(y), {probs, v},
      [=, weights = weights, values = values](Backward& back) {
        const ProfileScope scope("ops", "attention_mix backward");
        (single ? gradient<float> : gradient<double>)(*layout, weights, values, back);
      },
      [layout, causal](const GradientRowsPtr& output, std::size_t input) {
        const GradientRowsPtr rows = probs_rows(*layout, *output);
        return input == 0 || !rows ? rows : reached_keys(*layout, *output, causal);
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
