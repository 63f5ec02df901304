// SPDX-License-Identifier: MIT
// What packed products by oneDNN have in common: kernels, how B is cut, where results go.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "ascribo/ops/onednn/calls.h"
#include "ascribo/ops/onednn/finish.h"

namespace ascribo::ops::onednn {

/// What tells one generated kernel from another: y `[rows, width]` = x `[rows, inner]` times B
/// `[inner, width]`, plus y itself when `accumulate`. x and y are dense, y in single precision.
struct ProductShape {
  dnnl::memory::data_type factors = dnnl::memory::data_type::f32;  ///< of x and B; or bf16
  std::int64_t rows = 0, inner = 0, width = 0;
  bool accumulate = false;
  bool plain = false;  ///< B is dense, too, instead of packed
  auto operator<=>(const ProductShape&) const = default;
};

/// The layout that the kernel wants B in.
Layout packed_layout(const ProductShape& shape);

/// Runs a kernel on the calling thread. It is generated when its shape is first asked for and lives
/// as long as the program: there are few, and every weight of a shape shares them.
void multiply(const ProductShape& shape, const void* x, const Layout& layout, const void* b,
              float* y);

/// [begin, begin + width) of columns or rows.
struct Stretch {
  std::int64_t begin = 0, width = 0;
};

/// Equal stretches of at most `most`, multiples of 64, where the size allows it; else the last one
/// is narrower.
std::vector<Stretch> cut(std::int64_t size, std::int64_t most);

/// Bytes of a packed B, up to a multiple of 64.
std::size_t aligned_size(const Layout& layout);

/// Puts a dense result `[rows.width, columns.width]` into these rows and columns of y
/// `[.., outer]`, where it may already be, with bias `[outer]` unless null, and y itself when
/// `accumulate`, added; then finishes it, unless `finish` is empty.
void put_columns(const float* result, Stretch rows, Stretch columns, const float* bias,
                 bool accumulate, const Finish& finish, float* y, std::int64_t outer);

}  // namespace ascribo::ops::onednn
