// SPDX-License-Identifier: MIT
// Mixtures of heads, key by key. Norms of a vector that is a sum over heads need the vector, but
// only while it is in registers.
#include "ascribo/ops/decompose/pair_vectors.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/pairs.h"
#include "ascribo/ops/simd/product.h"

namespace ascribo::ops {
namespace {

// Rows of a multiple of 16 columns, zeros at their end.
Tensor with_whole_vectors(const Tensor& x) {
  const std::int64_t cols = x.cols(), width = simd::padded(cols);
  if (cols == width) return x;
  Shape shape = x.shape();
  shape.back() = width;
  Tensor padded = Tensor::zeros(shape);
  for (std::int64_t row = 0; row < x.rows(); ++row) {
    std::copy_n(x.data<float>() + row * cols, cols, padded.mutable_data<float>() + row * width);
  }
  return padded;
}

void check(const PairVectors& pairs, const Tensor& wholes) {
  const std::int64_t heads = pairs.heads.dim(0), tokens = pairs.heads.dim(1);
  ASCRIBO_ASSERT(pairs.probs.numel() == heads * tokens * tokens);
  ASCRIBO_ASSERT((pairs.own.shape() == Shape{tokens, pairs.heads.dim(2)}));
  ASCRIBO_ASSERT(!wholes.defined() || wholes.shape() == pairs.own.shape());
  ASCRIBO_ASSERT(pairs.probs.dtype() == pairs.heads.dtype());
  ASCRIBO_ASSERT(pairs.own.dtype() == pairs.heads.dtype());
}

constexpr std::int64_t kBlock = 16;

// What one key's heads have, in the order in which it is read: block of columns by block.
void pack_key(const Tensor& heads, std::int64_t key, float* packed) {
  const std::int64_t count = heads.dim(0), tokens = heads.dim(1), width = heads.dim(2);
  for (std::int64_t h = 0; h < count; ++h) {
    const float* from = heads.data<float>() + (h * tokens + key) * width;
    float* to = packed + h * kBlock;
    for (std::int64_t col = 0; col < width; col += kBlock, to += count * kBlock) {
      std::copy_n(from + col, kBlock, to);
    }
  }
}

// What the queries from `begin` on give a key, head beside head.
void pack_probs(const Tensor& probs, std::int64_t heads, std::int64_t tokens, std::int64_t begin,
                std::int64_t end, std::int64_t key, float* packed) {
  for (std::int64_t h = 0; h < heads; ++h) {
    const float* from = probs.data<float>() + h * tokens * tokens + key;
    for (std::int64_t i = begin; i < end; ++i) packed[(i - begin) * heads + h] = from[i * tokens];
  }
}

void measure(const PairVectors& given, const Tensor& given_wholes, VectorNorm norm, float* out,
             Tensor& sums) {
  const Tensor vectors = with_whole_vectors(given.heads), own = with_whole_vectors(given.own);
  const Tensor wholes = given_wholes.defined() ? with_whole_vectors(given_wholes) : Tensor();
  const std::int64_t heads = vectors.dim(0), tokens = vectors.dim(1), width = vectors.dim(2);
  Tensor added = Tensor::zeros({tokens, width});
  float* const to = added.mutable_data<float>();
  parallel_ranges(tokens, tokens * width * heads / 8, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> key_vectors(static_cast<std::size_t>(heads * width));
    std::vector<float> key_probs(static_cast<std::size_t>(heads * (end - begin)));
    for (std::int64_t key = 0; key < tokens; ++key) {
      pack_key(vectors, key, key_vectors.data());
      pack_probs(given.probs, heads, tokens, begin, end, key, key_probs.data());
      simd::measure_mixtures(
          {.queries = end - begin,
           .heads = heads,
           .width = width,
           .place = key - begin,
           .probs = key_probs.data(),
           .vectors = key_vectors.data(),
           .own = own.data<float>() + key * width,
           .wholes = wholes.defined() ? wholes.data<float>() + begin * width : nullptr,
           .squares = norm == VectorNorm::kL2,
           .sums = to + begin * width,
           .out = out + begin * tokens + key,
           .out_query = tokens});
    }
  });
  for (std::int64_t i = 0; i < tokens; ++i) {
    std::copy_n(to + i * width, sums.cols(), sums.mutable_data<float>() + i * sums.cols());
  }
}

// Plain reference.
void measure(const PairVectors& pairs, const Tensor& wholes, VectorNorm norm, double* out,
             Tensor& sums) {
  const std::int64_t heads = pairs.heads.dim(0), tokens = pairs.heads.dim(1);
  const std::int64_t width = pairs.heads.dim(2);
  const double *probs = pairs.probs.data<double>(), *vectors = pairs.heads.data<double>();
  double* const to = sums.mutable_data<double>();
  std::fill_n(to, sums.numel(), 0.0);
  parallel_ranges(tokens, tokens * width * heads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t j = 0; j < tokens; ++j) {
        double sum = 0;
        for (std::int64_t d = 0; d < width; ++d) {
          double x = i == j ? pairs.own.data<double>()[j * width + d] : 0.0;
          for (std::int64_t h = 0; h < heads; ++h) {
            x += probs[(h * tokens + i) * tokens + j] * vectors[(h * tokens + j) * width + d];
          }
          to[i * width + d] += x;
          if (wholes.defined()) x -= wholes.data<double>()[i * width + d];
          sum += norm == VectorNorm::kL1 ? std::abs(x) : x * x;
        }
        out[i * tokens + j] = sum;
      }
    }
  });
}

template <class T>
MeasuredPairs measured(const PairVectors& pairs, const Tensor& wholes, VectorNorm norm) {
  const std::int64_t tokens = pairs.heads.dim(1);
  const Dtype dtype = pairs.heads.dtype();
  MeasuredPairs found{Tensor::empty({tokens, tokens}, dtype),
                      Tensor::empty(pairs.own.shape(), dtype)};
  T* out = found.norms.template mutable_data<T>();
  measure(pairs, wholes, norm, out, found.sums);
  if (norm == VectorNorm::kL2) {
    std::transform(out, out + found.norms.numel(), out, [](T square) { return std::sqrt(square); });
  }
  return found;
}

// y = a b. Every element is one sum in order.
void multiply(std::int64_t rows, std::int64_t inner, std::int64_t cols, const float* a,
              std::int64_t a_row, const float* b, std::int64_t b_row, float* y,
              std::int64_t y_row) {
  parallel_ranges(rows, inner * cols / 8, [=](std::int64_t begin, std::int64_t end) {
    simd::product({.m = end - begin,
                   .n = cols,
                   .k = inner,
                   .a = a + begin * a_row,
                   .a_row = a_row,
                   .b = b,
                   .b_row = b_row,
                   .c = y + begin * y_row,
                   .c_row = y_row});
  });
}

void multiply(std::int64_t rows, std::int64_t inner, std::int64_t cols, const double* a,
              std::int64_t a_row, const double* b, std::int64_t b_row, double* y,
              std::int64_t y_row) {
  parallel_ranges(rows, inner * cols, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      double* to = y + row * y_row;
      std::fill_n(to, cols, 0.0);
      for (std::int64_t k = 0; k < inner; ++k) {
        for (std::int64_t c = 0; c < cols; ++c) to[c] += a[row * a_row + k] * b[k * b_row + c];
      }
    }
  });
}

Tensor readable(const Tensor& x) { return x.dtype() == Dtype::kF32 ? with_whole_vectors(x) : x; }

template <class T>
void products(const Tensor& x, const Tensor& rows, std::int64_t heads, Tensor& y) {
  const Tensor columns = readable(rows);
  const std::int64_t tokens = x.dim(0), width = x.cols() / heads, hidden = rows.cols();
  for (std::int64_t h = 0; h < heads; ++h) {
    multiply(tokens, width, hidden, x.data<T>() + h * width, x.cols(),
             columns.data<T>() + h * width * columns.cols(), columns.cols(),
             y.mutable_data<T>() + h * tokens * hidden, hidden);
  }
}

}  // namespace

Tensor head_products(const Tensor& x, const Tensor& rows, std::int64_t heads) {
  ASCRIBO_ASSERT(x.cols() == rows.rows() && x.cols() % heads == 0 && x.dtype() == rows.dtype());
  Tensor y = Tensor::empty({heads, x.rows(), rows.cols()}, x.dtype());
  (x.dtype() == Dtype::kF32 ? products<float> : products<double>)(x, rows, heads, y);
  return y;
}

MeasuredPairs measure_pairs(const PairVectors& pairs, const Tensor& wholes, VectorNorm norm) {
  check(pairs, wholes);
  const bool single = pairs.heads.dtype() == Dtype::kF32;
  return (single ? measured<float> : measured<double>)(pairs, wholes, norm);
}

}  // namespace ascribo::ops
