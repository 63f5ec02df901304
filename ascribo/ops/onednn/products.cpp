// SPDX-License-Identifier: MIT
// Kernels of oneDNN (2.6 and 3.x). They write dense results fast and others slowly, so that a piece
// of a wider matrix goes to a buffer first; bias is added afterwards, which leaves few kernels.
#include "ascribo/ops/onednn/products.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_map>

#include "ascribo/ops/simd/rows.h"
#include "ascribo/tensor/pool.h"

namespace ascribo::ops::onednn {
namespace {

using dnnl::memory;

constexpr std::int64_t kStep = 64;  // the kernels' own block of columns

dnnl::matmul::primitive_desc describe(const ProductShape& shape, const Layout& b) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (shape.accumulate) {
    dnnl::post_ops sum;
    sum.append_sum(1.0f);
    attributes.set_post_ops(sum);
  }
  constexpr auto kRowMajor = memory::format_tag::ab;
  const Layout x({shape.rows, shape.inner}, shape.factors, kRowMajor);
  const Layout y({shape.rows, shape.width}, memory::data_type::f32, kRowMajor);
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), x, b, y, attributes};
#else
  return {dnnl::matmul::desc(x, b, y), attributes, engine()};
#endif
}

// A kernel and the layouts of its arguments.
struct Kernel {
  explicit Kernel(const dnnl::matmul::primitive_desc& description)
      : primitive(description),
        x(description.src_desc()),
        y(description.dst_desc()),
        scratchpad(description.scratchpad_desc()) {}

  dnnl::matmul primitive;
  Layout x, y, scratchpad;
};

const Kernel& kernel(const ProductShape& shape, const Layout& b) {
  static std::mutex mutex;
  static auto& kernels = *new std::map<ProductShape, Kernel>;
  std::lock_guard lock(mutex);
  const auto found = kernels.find(shape);
  if (found != kernels.end()) return found->second;
  return kernels.try_emplace(shape, describe(shape, b)).first->second;
}

}  // namespace

Layout packed_layout(const ProductShape& shape) {
  const Layout any({shape.inner, shape.width}, shape.factors, memory::format_tag::any);
  return describe(shape, any).weights_desc();
}

void multiply(const ProductShape& shape, const void* x, const Layout& layout, const void* b,
              float* y) {
  const Kernel& kernel = onednn::kernel(shape, layout);
  const auto scratchpad = pool_allocate(kernel.scratchpad.get_size());
  const std::unordered_map<int, memory> arguments{
      {DNNL_ARG_SRC, argument(kernel.x, x)},
      {DNNL_ARG_WEIGHTS, argument(layout, b)},
      {DNNL_ARG_DST, argument(kernel.y, y)},
      {DNNL_ARG_SCRATCHPAD, argument(kernel.scratchpad, scratchpad.get())}};
  kernel.primitive.execute(stream(), arguments);
  stream().wait();
}

std::vector<Stretch> cut(std::int64_t size, std::int64_t most) {
  std::int64_t count = (size + most - 1) / most;
  while (count * kStep <= size && size % (count * kStep) != 0) ++count;
  const bool is_even = size % (count * kStep) == 0;
  const std::int64_t width = is_even ? size / count : std::min(size, most);
  std::vector<Stretch> stretches;
  for (std::int64_t begin = 0; begin < size; begin += width) {
    stretches.push_back({begin, std::min(width, size - begin)});
  }
  return stretches;
}

std::size_t aligned_size(const Layout& layout) { return (layout.get_size() + 63) / 64 * 64; }

void put_columns(const float* result, Stretch rows, Stretch columns, const float* bias,
                 bool accumulate, const Finish& finish, float* y, std::int64_t outer) {
  for (std::int64_t i = 0; i < rows.width; ++i) {
    const std::int64_t row = rows.begin + i;
    const float* from = result + i * columns.width;
    float* to = y + row * outer + columns.begin;
    if (accumulate) {
      simd::add(from, to, columns.width, to);
    } else if (bias == nullptr && from != to) {
      std::copy_n(from, columns.width, to);
    }
    if (bias != nullptr) simd::add(accumulate ? to : from, bias + columns.begin, columns.width, to);
    if (finish) finish(to, row, columns.begin, columns.width);
  }
}

}  // namespace ascribo::ops::onednn
