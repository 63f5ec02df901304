// SPDX-License-Identifier: MIT
// Sums of outer products in bf16 by oneDNN. A kernel is generated for every number of rows, which
// takes milliseconds: rows are summed in stretches of a few lengths, the last filled up with zeros.
// C is cut into pieces of rows, for each of which its columns of A are turned round and rounded.
#include "ascribo/ops/onednn/bf16_outer_sum.h"

#include <algorithm>

#include "ascribo/base/threads.h"
#include "ascribo/ops/onednn/products.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/bf16.h"
#include "ascribo/ops/simd/product.h"
#include "ascribo/tensor/tensor.h"

namespace ascribo::ops {
namespace {

using namespace onednn;

constexpr auto kHalf = dnnl::memory::data_type::bf16;
constexpr std::int64_t kStretch = 256, kStep = 64, kPiece = 192;

std::int64_t padded_rows(std::int64_t rows) { return (rows + kStep - 1) / kStep * kStep; }

std::uint16_t* halves_of(Tensor& tensor) {
  return static_cast<std::uint16_t*>(tensor.mutable_raw());
}

// B in bf16 with rows of zeros after its own.
Tensor rounded(const OuterSum& task) {
  Tensor halves = Tensor::empty({padded_rows(task.rows), task.n}, Dtype::kBF16);
  std::uint16_t* to = halves_of(halves);
  parallel_ranges(halves.rows(), task.n, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      if (row < task.rows) {
        simd::round_to_bf16(task.b + row * task.b_row, task.n, to + row * task.n);
      } else {
        std::fill_n(to + row * task.n, task.n, std::uint16_t{0});
      }
    }
  });
  return halves;
}

// Rows [begin, end) of C.
void piece(const OuterSum& task, const Tensor& b, std::int64_t begin, std::int64_t end) {
  const std::int64_t m = end - begin;
  const bool dense = task.c_row == task.n;
  Tensor turned = Tensor::empty({m, kStretch}), halves = Tensor::empty({m, kStretch}, Dtype::kBF16);
  Tensor wide = dense ? Tensor() : Tensor::empty({m, task.n});
  float* to = dense ? task.c + begin * task.c_row : wide.mutable_data<float>();
  bool accumulate = dense && task.accumulate;
  for (std::int64_t row = 0; row < task.rows; row += kStretch) {
    const std::int64_t valid = std::min(kStretch, task.rows - row), rows = padded_rows(valid);
    simd::transpose(task.a + row * task.a_row + begin, task.a_row, valid, m,
                    turned.mutable_data<float>(), rows);
    simd::round_to_bf16(turned.data<float>(), m * rows, halves_of(halves));
    const auto* right = static_cast<const std::uint16_t*>(b.raw()) + row * task.n;
    const Layout layout({rows, task.n}, kHalf, dnnl::memory::format_tag::ab);
    multiply({kHalf, m, rows, task.n, accumulate, true}, halves.raw(), layout, right, to);
    accumulate = true;
  }
  if (dense) return;
  put_columns(to, {0, m}, {0, task.n}, nullptr, task.accumulate, {}, task.c + begin * task.c_row,
              task.c_row);
}

}  // namespace

void outer_sum_bf16(const OuterSum& task) {
  if (task.m == 0 || task.n == 0 || task.rows == 0) return outer_sum(task);
  const Tensor b = rounded(task);
  const std::int64_t pieces = (task.m + kPiece - 1) / kPiece;
  try {
    parallel_for(pieces, [&](std::int64_t n) {
      const OneThread guard;
      piece(task, b, task.m * n / pieces, task.m * (n + 1) / pieces);
    });
  } catch (const dnnl::error& error) {
    translate(error);
  }
}

}  // namespace ascribo::ops
