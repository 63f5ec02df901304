// SPDX-License-Identifier: MIT
// Wide weights are oneDNN's, narrow ones our own kernel's.
#include "ascribo/ops/onednn/weight_matrix.h"

#include <algorithm>

#include "ascribo/ops/parallel.h"
#include "ascribo/ops/simd/product.h"

namespace ascribo::ops {
namespace {

// Narrower than this on either side, a matrix is multiplied by our own kernel: it costs no code
// generation at the start, and oneDNN's blocks would be mostly empty.
constexpr std::int64_t kNarrow = 64;

}  // namespace

WeightMatrix::WeightMatrix(const Tensor& weight, bool transposed, Precision precision)
    : inner_(weight.dim(transposed ? 1 : 0)), outer_(weight.dim(transposed ? 0 : 1)) {
  if (std::min(inner_, outer_) >= kNarrow) {
    if (precision != Precision::kFp32) {
      const bool in_two_parts = precision == Precision::kBf16x3;
      rounded_ = std::make_unique<Bf16Matrix>(weight, transposed, in_two_parts);
      return;
    }
    packed_ = std::make_unique<PackedMatrix>(weight, transposed);
    return;
  }
  const Tensor plain = weight.to(Dtype::kF32);
  const std::int64_t width = simd::padded(outer_);
  padded_ = Tensor::zeros({inner_, width});
  float* to = padded_.mutable_data<float>();
  if (transposed) {
    simd::transpose(plain.data<float>(), inner_, outer_, inner_, to, width);
  } else {
    for (std::int64_t row = 0; row < inner_; ++row) {
      std::copy_n(plain.data<float>() + row * outer_, outer_, to + row * width);
    }
  }
}

void WeightMatrix::product(const Tensor& x, const Tensor& bias, bool accumulate, Tensor& y,
                           const Finish& finish) const {
  const float* from = x.data<float>();
  float* to = y.mutable_data<float>();
  const float* addend = bias.defined() ? bias.data<float>() : nullptr;
  if (rounded_) return rounded_->product(from, x.rows(), addend, accumulate, to, finish);
  if (packed_) return packed_->product(from, x.rows(), addend, accumulate, to, finish);
  parallel_ranges(x.rows(), inner_ * outer_ / 8, [&](std::int64_t begin, std::int64_t end) {
    simd::product({.m = end - begin,
                   .n = outer_,
                   .k = inner_,
                   .a = from + begin * inner_,
                   .a_row = inner_,
                   .b = padded_.data<float>(),
                   .b_row = padded_.cols(),
                   .c = to + begin * outer_,
                   .c_row = outer_,
                   .bias = addend,
                   .accumulate = accumulate});
    for (std::int64_t row = begin; finish && row < end; ++row) {
      finish(to + row * outer_, row, 0, outer_);
    }
  });
}

void WeightMatrix::product_through(const Tensor& x, const Finish& between, const WeightMatrix& next,
                                   const Tensor& bias, bool accumulate, Tensor& y) const {
  if (!rounded_ || !next.rounded_) {
    Tensor wide = Tensor::empty({x.rows(), outer_});
    product(x, Tensor(), false, wide, between);
    return next.product(wide, bias, accumulate, y);
  }
  rounded_->product_through(x.data<float>(), x.rows(), between, *next.rounded_,
                            bias.defined() ? bias.data<float>() : nullptr, accumulate,
                            y.mutable_data<float>());
}

bool WeightMatrix::product_at(const Tensor& x, const Tensor& bias,
                              std::span<const std::int64_t> columns, Tensor& y) const {
  const float* addend = bias.defined() ? bias.data<float>() : nullptr;
  return packed_ &&
         packed_->product_at(x.data<float>(), x.rows(), addend, columns, y.mutable_data<float>());
}

}  // namespace ascribo::ops
