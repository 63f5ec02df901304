// SPDX-License-Identifier: MIT
// One product for every head and part: the parts of a head lie at equal distances.
#include "ascribo/ops/decompose/mix_parts.h"

#include <algorithm>

#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/product.h"

namespace ascribo::ops {
namespace {

/// One head of one part.
struct Mixture {
  std::int64_t tokens, width, stride;  // stride: from one token's numbers to the next one's
};

// The kernel reads a multiple of 16 columns; a copy has them.
void mix(const Mixture& of, const float* probs, const float* values, float* out) {
  const std::int64_t width = simd::padded(of.width);
  Tensor columns = Tensor::zeros({of.tokens, width});
  for (std::int64_t j = 0; j < of.tokens; ++j) {
    std::copy_n(values + j * of.stride, of.width, columns.mutable_data<float>() + j * width);
  }
  simd::product({.m = of.tokens,
                 .n = of.width,
                 .k = of.tokens,
                 .a = probs,
                 .a_row = of.tokens,
                 .b = columns.data<float>(),
                 .b_row = width,
                 .c = out,
                 .c_row = of.stride});
}

// Plain reference.
void mix(const Mixture& of, const double* probs, const double* values, double* out) {
  for (std::int64_t i = 0; i < of.tokens; ++i) {
    double* row = out + i * of.stride;
    std::fill_n(row, of.width, 0.0);
    for (std::int64_t j = 0; j < of.tokens; ++j) {
      for (std::int64_t d = 0; d < of.width; ++d) {
        row[d] += probs[i * of.tokens + j] * values[j * of.stride + d];
      }
    }
  }
}

template <class T>
void mix_all(const Tensor& probs, const Tensor& values, std::int64_t heads, std::int64_t tokens,
             Tensor& out) {
  const std::int64_t cols = values.cols(), parts = values.rows() / tokens, width = cols / heads;
  const T *weights = probs.data<T>(), *from = values.data<T>();
  T* to = out.mutable_data<T>();
  parallel_ranges(
      parts * heads, tokens * tokens * width / 8, [=](std::int64_t begin, std::int64_t end) {
        for (std::int64_t item = begin; item < end; ++item) {
          const std::int64_t part = item / heads, head = item % heads;
          const std::int64_t at = part * cols + head * width;
          mix({tokens, width, parts * cols}, weights + head * tokens * tokens, from + at, to + at);
        }
      });
}

}  // namespace

Tensor mix_parts(const Tensor& probs, const Tensor& values, std::int64_t heads) {
  std::int64_t tokens = 1;
  while (heads * tokens * tokens < probs.numel()) ++tokens;
  ASCRIBO_ASSERT(heads * tokens * tokens == probs.numel() && values.rows() % tokens == 0);
  ASCRIBO_ASSERT(values.cols() % heads == 0 && probs.dtype() == values.dtype());
  Tensor out = Tensor::empty(values.shape(), values.dtype());
  const bool single = values.dtype() == Dtype::kF32;
  (single ? mix_all<float> : mix_all<double>)(probs, values, heads, tokens, out);
  return out;
}

}  // namespace ascribo::ops
