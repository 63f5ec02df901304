// SPDX-License-Identifier: MIT
// dW = dy^T x and db = sum(dy), wherever in its table a weight lies.
#include "ascribo/ops/training/weight_gradient.h"

#include <algorithm>
#include <cstring>

#include "ascribo/ops/onednn/bf16_outer_sum.h"
#include "ascribo/ops/onednn/outer_sum.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/training/column_sums.h"

namespace ascribo::ops {
namespace {

// Narrower matrices are in single precision, as their products are.
constexpr std::int64_t kNarrow = 64;

void outer_sum(const double* a, std::int64_t a_row, const double* b, std::int64_t b_row,
               const OuterSum& task, Precision, double* c) {
  parallel_ranges(task.m, task.rows * task.n, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      if (!task.accumulate) std::fill_n(c + i * task.c_row, task.n, 0.0);
      for (std::int64_t row = 0; row < task.rows; ++row) {
        const double factor = a[row * a_row + i];
        for (std::int64_t j = 0; j < task.n; ++j) {
          c[i * task.c_row + j] += factor * b[row * b_row + j];
        }
      }
    }
  });
}

void outer_sum(const float* a, std::int64_t a_row, const float* b, std::int64_t b_row,
               OuterSum task, Precision precision, float* c) {
  task.a = a, task.a_row = a_row, task.b = b, task.b_row = b_row, task.c = c;
  if (precision == Precision::kBf16 && std::min(task.m, task.n) >= kNarrow) {
    outer_sum_bf16(task);
  } else {
    outer_sum(task);
  }
}

// Every seed's table of gradients: its stretches of dy^T x, or turned round x^T dy. A table may
// hold other weights, so that all of it is zeroed by whoever comes first.
template <class T>
void add_weight(const StoredWeight& weight, const Tensor& x, Precision precision,
                Backward& backward, GradientSlot slot) {
  const Tensor& dy = backward.output();
  const std::int64_t rows = x.rows(), in = x.cols(), out = dy.cols();
  T* to = slot.tensor.mutable_data<T>();
  const bool alone = weight.out() * in == weight.table.numel();
  const bool add = slot.accumulate || !alone;
  if (add && !slot.accumulate) std::memset(to, 0, slot.tensor.bytes());
  for (std::int64_t seed = 0; seed < backward.seeds(); ++seed) {
    T* table = to + seed * weight.table.numel();
    const T* from = dy.data<T>() + seed * rows * out;
    for (std::int64_t n = 0; n < weight.stretches; ++n) {
      const T* part = from + n * weight.width;
      const std::int64_t at = weight.first + n * weight.stride;
      if (weight.in_first) {
        const std::int64_t c_row = weight.table.cols();
        outer_sum(x.data<T>(), in, part, out,
                  {.rows = rows, .m = in, .n = weight.width, .c_row = c_row, .accumulate = add},
                  precision, table + at);
      } else {
        outer_sum(part, out, x.data<T>(), in,
                  {.rows = rows, .m = weight.width, .n = in, .c_row = in, .accumulate = add},
                  precision, table + at * in);
      }
    }
  }
}

template <class T>
void add_bias(const StoredWeight& bias, Backward& backward, GradientSlot slot) {
  const Tensor& dy = backward.output();
  const std::int64_t rows = dy.rows() / backward.seeds(), out = dy.cols();
  Tensor sums = Tensor::empty({out}, dy.dtype());
  T* to = slot.tensor.mutable_data<T>();
  if (!slot.accumulate) std::memset(to, 0, slot.tensor.bytes());
  for (std::int64_t seed = 0; seed < backward.seeds(); ++seed) {
    column_sums<T>({.rows = rows, .cols = out, .x = dy.data<T>() + seed * rows * out}, false,
                   sums.mutable_data<T>());
    const T* from = sums.data<T>();
    T* table = to + seed * bias.table.numel();
    for (std::int64_t n = 0; n < bias.stretches; ++n) {
      T* part = table + bias.first + n * bias.stride;
      for (std::int64_t i = 0; i < bias.width; ++i) part[i] += *from++;
    }
  }
}

}  // namespace

void weight_gradient(const StoredWeight& weight, const Tensor& x, Precision precision,
                     Backward& backward, std::size_t input) {
  const auto run = x.dtype() == Dtype::kF32 ? add_weight<float> : add_weight<double>;
  run(weight, x, precision, backward, backward.slot(input));
}

void bias_gradient(const StoredWeight& bias, Backward& backward, std::size_t input) {
  const bool single = backward.output().dtype() == Dtype::kF32;
  (single ? add_bias<float> : add_bias<double>)(bias, backward, backward.slot(input));
}

}  // namespace ascribo::ops
