// SPDX-License-Identifier: MIT
// oneDNN 2.6 sums up to 1,024 rows of B at a time where there are more, else up to 512; that is an
// inner matter of its kernels, so it is not relied on but found out.
#include "ascribo/ops/onednn/column_blocks.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "ascribo/ops/simd/product.h"
#include "ascribo/ops/simd/rows.h"
#include "ascribo/tensor/tensor.h"

namespace ascribo::ops::onednn {
namespace {

// Numbers in (-1, 1) without a pattern that sums could hide in.
void fill(float* values, std::int64_t count) {
  std::uint32_t state = 1;
  for (std::int64_t i = 0; i < count; ++i) {
    state = state * 1664525u + 1013904223u;
    values[i] = static_cast<float>(state >> 8) / 8388608.0f - 1.0f;
  }
}

}  // namespace

std::int64_t block_stride(const Layout& b) {
#if DNNL_VERSION_MAJOR >= 3
  const auto blocks = b.get_inner_blks(), dims = b.get_inner_idxs(), strides = b.get_strides();
  const bool two = b.get_inner_nblks() == 2;
#else
  const auto& [strides, count, blocks, dims] = b.data.format_desc.blocking;
  const bool two = count == 2;
#endif
  const bool is_known = two && dims[0] == 0 && dims[1] == 1 && blocks[1] == kBlockColumns &&
                        strides[0] == blocks[0] * kBlockColumns;
  return is_known ? strides[1] : 0;
}

void multiply_block(const float* x, std::int64_t rows, std::int64_t inner, std::int64_t stretch,
                    const float* block, std::int64_t width, float* y) {
  Tensor part;
  for (std::int64_t begin = 0; begin < inner; begin += stretch) {
    if (begin > 0 && !part.defined()) part = Tensor::empty({rows, width});
    float* to = begin == 0 ? y : part.mutable_data<float>();
    simd::product({.m = rows,
                   .n = width,
                   .k = std::min(stretch, inner - begin),
                   .a = x + begin,
                   .a_row = inner,
                   .b = block + begin * kBlockColumns,
                   .b_row = kBlockColumns,
                   .c = to,
                   .c_row = width});
    if (begin > 0) simd::add(y, to, rows * width, y);
  }
}

std::int64_t find_stretch(const ProductShape& shape, const Layout& b) {
  const std::int64_t rows = shape.rows, inner = shape.inner, width = shape.width;
  const auto size = static_cast<std::int64_t>(b.get_size() / sizeof(float));
  Tensor x = Tensor::empty({rows, inner}), packed = Tensor::empty({size}),
         wanted = Tensor::empty({rows, width});
  fill(x.mutable_data<float>(), x.numel());
  fill(packed.mutable_data<float>(), size);
  multiply(shape, x.raw(), b, packed.raw(), wanted.mutable_data<float>());
  const std::int64_t columns = std::min(kBlockColumns, width);
  Tensor found = Tensor::empty({rows, columns});
  for (const std::int64_t stretch :
       std::array<std::int64_t, 8>{inner, 1024, 512, 256, 128, 64, 768, 384}) {
    multiply_block(x.data<float>(), rows, inner, std::min(stretch, inner), packed.data<float>(),
                   columns, found.mutable_data<float>());
    bool same = true;
    for (std::int64_t row = 0; row < rows && same; ++row) {
      same = std::memcmp(found.data<float>() + row * columns, wanted.data<float>() + row * width,
                         static_cast<std::size_t>(columns) * sizeof(float)) == 0;
    }
    if (same) return std::min(stretch, inner);
  }
  return 0;
}

}  // namespace ascribo::ops::onednn
