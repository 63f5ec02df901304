// SPDX-License-Identifier: MIT
// Products of a few rows with a matrix that oneDNN packed, to the bit those of its own kernels.
#pragma once

#include <cstdint>

#include "ascribo/ops/onednn/products.h"

namespace ascribo::ops::onednn {

constexpr std::int64_t kBlockColumns = 64;

/// Floats from a block of 64 columns to the next, where B `[inner, width]` lies in such blocks, one
/// after another, each with its rows one after another; that is what AVX-512 kernels ask for. Else
/// 0.
std::int64_t block_stride(const Layout& b);

/// y `[rows, width]` = x `[rows, inner]` times a block, of which `width` columns count: a sum over
/// every stretch of the inner dimension, and of these their sum, in order.
void multiply_block(const float* x, std::int64_t rows, std::int64_t inner, std::int64_t stretch,
                    const float* block, std::int64_t width, float* y);

/// How long the stretches are whose sums a kernel adds up, found by trying it. 0 where no length
/// gives its bits.
std::int64_t find_stretch(const ProductShape& shape, const Layout& b);

}  // namespace ascribo::ops::onednn
