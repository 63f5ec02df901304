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

void measure(const PairVectors& given, const Tensor& given_wholes, VectorNorm norm, float* out) {
  const Tensor heads = with_whole_vectors(given.heads), own = with_whole_vectors(given.own);
  const Tensor wholes = given_wholes.defined() ? with_whole_vectors(given_wholes) : Tensor();
  const std::int64_t tokens = heads.dim(1), width = heads.dim(2);
  simd::KeyMixtures task{.queries = tokens,
                         .heads = heads.dim(0),
                         .width = width,
                         .prob_head = tokens * tokens,
                         .prob_query = tokens,
                         .vector_head = tokens * width,
                         .wholes = wholes.defined() ? wholes.data<float>() : nullptr,
                         .squares = norm == VectorNorm::kL2,
                         .out_query = tokens};
  parallel_ranges(tokens, tokens * width * task.heads / 8,
                  [&](std::int64_t begin, std::int64_t end) {
                    simd::KeyMixtures each = task;
                    for (std::int64_t key = begin; key < end; ++key) {
                      each.place = key;
                      each.probs = given.probs.data<float>() + key;
                      each.vectors = heads.data<float>() + key * width;
                      each.own = own.data<float>() + key * width;
                      each.out = out + key;
                      simd::measure_mixtures(each);
                    }
                  });
}

// Plain reference.
void measure(const PairVectors& pairs, const Tensor& wholes, VectorNorm norm, double* out) {
  const std::int64_t heads = pairs.heads.dim(0), tokens = pairs.heads.dim(1);
  const std::int64_t width = pairs.heads.dim(2);
  const double *probs = pairs.probs.data<double>(), *vectors = pairs.heads.data<double>();
  parallel_ranges(tokens, tokens * width * heads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t j = 0; j < tokens; ++j) {
        double sum = 0;
        for (std::int64_t d = 0; d < width; ++d) {
          double x = i == j ? pairs.own.data<double>()[j * width + d] : 0.0;
          for (std::int64_t h = 0; h < heads; ++h) {
            x += probs[(h * tokens + i) * tokens + j] * vectors[(h * tokens + j) * width + d];
          }
          if (wholes.defined()) x -= wholes.data<double>()[i * width + d];
          sum += norm == VectorNorm::kL1 ? std::abs(x) : x * x;
        }
        out[i * tokens + j] = sum;
      }
    }
  });
}

template <class T>
Tensor measured(const PairVectors& pairs, const Tensor& wholes, VectorNorm norm) {
  const std::int64_t tokens = pairs.heads.dim(1);
  Tensor norms = Tensor::empty({tokens, tokens}, pairs.heads.dtype());
  T* out = norms.mutable_data<T>();
  measure(pairs, wholes, norm, out);
  if (norm == VectorNorm::kL2) {
    std::transform(out, out + norms.numel(), out, [](T square) { return std::sqrt(square); });
  }
  return norms;
}

// y = a b, or added to y. Every element is one sum in order.
void multiply(std::int64_t rows, std::int64_t inner, std::int64_t cols, const float* a,
              std::int64_t a_row, const float* b, std::int64_t b_row, bool accumulate, float* y,
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
                   .c_row = y_row,
                   .accumulate = accumulate});
  });
}

void multiply(std::int64_t rows, std::int64_t inner, std::int64_t cols, const double* a,
              std::int64_t a_row, const double* b, std::int64_t b_row, bool accumulate, double* y,
              std::int64_t y_row) {
  parallel_ranges(rows, inner * cols, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      double* to = y + row * y_row;
      if (!accumulate) std::fill_n(to, cols, 0.0);
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
             columns.data<T>() + h * width * columns.cols(), columns.cols(), false,
             y.mutable_data<T>() + h * tokens * hidden, hidden);
  }
}

template <class T>
void sums(const PairVectors& pairs, Tensor& y) {
  const Tensor vectors = readable(pairs.heads);
  const std::int64_t heads = vectors.dim(0), tokens = vectors.dim(1), hidden = y.cols();
  for (std::int64_t h = 0; h < heads; ++h) {
    multiply(tokens, tokens, hidden, pairs.probs.data<T>() + h * tokens * tokens, tokens,
             vectors.data<T>() + h * tokens * vectors.cols(), vectors.cols(), true,
             y.mutable_data<T>(), hidden);
  }
}

}  // namespace

Tensor head_products(const Tensor& x, const Tensor& rows, std::int64_t heads) {
  ASCRIBO_ASSERT(x.cols() == rows.rows() && x.cols() % heads == 0 && x.dtype() == rows.dtype());
  Tensor y = Tensor::empty({heads, x.rows(), rows.cols()}, x.dtype());
  (x.dtype() == Dtype::kF32 ? products<float> : products<double>)(x, rows, heads, y);
  return y;
}

Tensor pair_norms(const PairVectors& pairs, const Tensor& wholes, VectorNorm norm) {
  check(pairs, wholes);
  const bool single = pairs.heads.dtype() == Dtype::kF32;
  return (single ? measured<float> : measured<double>)(pairs, wholes, norm);
}

Tensor pair_sums(const PairVectors& pairs) {
  check(pairs, {});
  Tensor y = pairs.own.clone();
  (y.dtype() == Dtype::kF32 ? sums<float> : sums<double>)(pairs, y);
  return y;
}

}  // namespace ascribo::ops
