// SPDX-License-Identifier: MIT
// Products in bf16 by oneDNN. Rows are cut among the threads, and every call is one thread's. B is
// cut both ways, so that what a call reads and writes stays in a core's cache: 930 GFLOP/s where
// weights come from memory, instead of 750 for 3,072 columns and 770 for as many rows of B at once.
// Row counts are multiples of 32, since others run two to four times slower, and few, since every
// new one takes milliseconds of code generation.
#include "ascribo/ops/onednn/bf16_matrix.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ascribo/base/threads.h"
#include "ascribo/ops/onednn/products.h"
#include "ascribo/ops/simd/bf16.h"
#include "ascribo/tensor/pool.h"

namespace ascribo::ops {
namespace {

using namespace onednn;
using dnnl::memory;

constexpr auto kHalf = memory::data_type::bf16;
constexpr std::int64_t kLeastRows = 32, kMostRows = 256;
constexpr std::int64_t kMostInner = 768, kMostWidth = 768;

std::int64_t round_up(std::int64_t rows) {
  return (rows + kLeastRows - 1) / kLeastRows * kLeastRows;
}

// A piece of B, packed; low is null where B is in one part.
struct Tile {
  Layout layout;
  std::byte *high, *low;
};

void pack(const Layout& source, const std::uint16_t* halves, const Layout& layout, void* to) {
  memory from = argument(source, halves), packed = argument(layout, to);
  dnnl::reorder(from, packed).execute(stream(), from, packed);
  stream().wait();
}

std::uint16_t* halves_of(Tensor& tensor) {
  return static_cast<std::uint16_t*>(tensor.mutable_raw());
}

}  // namespace

struct Bf16Matrix::State {
  std::int64_t inner = 0, outer = 0;
  bool in_two_parts = false;
  std::vector<Stretch> slices, panels;  // rows and columns of B
  std::vector<Tile> tiles;              // of each panel one for each slice
  std::shared_ptr<void> storage;        // of all tiles: large blocks get large pages

  void cut_tiles() {
    const OneThread guard;
    slices = cut(inner, kMostInner);
    panels = cut(outer, kMostWidth);
    std::size_t size = 0;
    for (const Stretch panel : panels) {
      for (const Stretch slice : slices) {
        tiles.push_back({packed_layout({kHalf, kMostRows, slice.width, panel.width}), {}, {}});
        size += aligned_size(tiles.back().layout) * (in_two_parts ? 2 : 1);
      }
    }
    storage = pool_allocate(size);
    auto* next = static_cast<std::byte*>(storage.get());
    for (Tile& tile : tiles) {
      tile.high = std::exchange(next, next + aligned_size(tile.layout));
      if (in_two_parts) tile.low = std::exchange(next, next + aligned_size(tile.layout));
    }
  }

  // `weight` lies as `[outer, inner]` if transposed, else as `[inner, outer]`.
  void pack_all(const Tensor& weight, bool transposed) {
    const OneThread guard;
    const Tensor plain = weight.to(Dtype::kF32);
    const std::int64_t size = plain.numel();
    Tensor high = Tensor::empty(plain.shape(), Dtype::kBF16), low;
    if (in_two_parts) {
      low = Tensor::empty(plain.shape(), Dtype::kBF16);
      simd::split_to_bf16(plain.data<float>(), size, halves_of(high), halves_of(low));
    } else {
      simd::round_to_bf16(plain.data<float>(), size, halves_of(high));
    }
    const memory::dims strides = transposed ? memory::dims{1, inner} : memory::dims{outer, 1};
    auto tile = tiles.begin();
    for (const Stretch panel : panels) {
      for (const Stretch slice : slices) {
        const Layout source({slice.width, panel.width}, kHalf, strides);
        const std::int64_t first = slice.begin * strides[0] + panel.begin * strides[1];
        pack(source, halves_of(high) + first, tile->layout, tile->high);
        if (in_two_parts) pack(source, halves_of(low) + first, tile->layout, tile->low);
        ++tile;
      }
    }
  }

  // x's rows [0, valid), zeros up to `count`, slice by slice, each dense.
  void take(const float* x, std::int64_t valid, std::int64_t count, std::uint16_t* high,
            std::uint16_t* low) const {
    for (const Stretch slice : slices) {
      const std::int64_t place = slice.begin * count, size = slice.width * count;
      for (std::int64_t row = 0; row < valid; ++row) {
        const float* from = x + row * inner + slice.begin;
        const std::int64_t to = place + row * slice.width;
        if (in_two_parts) {
          simd::split_to_bf16(from, slice.width, high + to, low + to);
        } else {
          simd::round_to_bf16(from, slice.width, high + to);
        }
      }
      const std::int64_t filled = place + valid * slice.width;
      std::fill(high + filled, high + place + size, std::uint16_t{0});
      if (in_two_parts) std::fill(low + filled, low + place + size, std::uint16_t{0});
    }
  }

  // y `[valid, outer]` of x's rows [0, valid), computed as `count`.
  void rows(const float* x, std::int64_t valid, std::int64_t count, const float* bias,
            bool accumulate, const Finish& finish, float* y) const {
    Tensor high = Tensor::empty({count, inner}, Dtype::kBF16), low;
    if (in_two_parts) low = Tensor::empty({count, inner}, Dtype::kBF16);
    take(x, valid, count, halves_of(high), in_two_parts ? halves_of(low) : nullptr);
    const bool in_place = panels.size() == 1 && valid == count;
    Tensor buffer;
    if (!in_place) buffer = Tensor::empty({count, panels.front().width});
    float* result = in_place ? y : buffer.mutable_data<float>();
    auto tile = tiles.begin();
    for (const Stretch panel : panels) {
      ProductShape shape{kHalf, count, 0, panel.width, in_place && accumulate};
      for (const Stretch slice : slices) {
        shape.inner = slice.width;
        const auto* x_high = halves_of(high) + slice.begin * count;
        multiply(shape, x_high, tile->layout, tile->high, result);
        shape.accumulate = true;
        if (in_two_parts) {
          multiply(shape, x_high, tile->layout, tile->low, result);
          multiply(shape, halves_of(low) + slice.begin * count, tile->layout, tile->high, result);
        }
        ++tile;
      }
      put_columns(result, valid, panel, bias, accumulate && !in_place, finish, y, outer);
    }
  }

  // Rows [begin, end), about equally many at a time.
  void piece(const float* x, std::int64_t begin, std::int64_t end, const float* bias,
             bool accumulate, const Finish& finish, float* y) const {
    const std::int64_t times = (end - begin + kMostRows - 1) / kMostRows;
    const std::int64_t share = round_up((end - begin + times - 1) / times);
    for (std::int64_t row = begin; row < end; row += share) {
      const std::int64_t valid = std::min(share, end - row);
      rows(x + row * inner, valid, round_up(valid), bias, accumulate, finish, y + row * outer);
    }
  }
};

bool has_bf16() { return has(dnnl_cpu_isa_avx512_core_bf16); }

bool has_fast_bf16() { return has(dnnl_cpu_isa_avx512_core_amx); }

Bf16Matrix::Bf16Matrix(const Tensor& weight, bool transposed, bool in_two_parts)
    : state_(std::make_unique<State>()) {
  state_->inner = weight.dim(transposed ? 1 : 0);
  state_->outer = weight.dim(transposed ? 0 : 1);
  state_->in_two_parts = in_two_parts;
  try {
    state_->cut_tiles();
    state_->pack_all(weight, transposed);
  } catch (const dnnl::error& error) {
    translate(error);
  }
}

Bf16Matrix::~Bf16Matrix() = default;

void Bf16Matrix::product(const float* x, std::int64_t rows, const float* bias, bool accumulate,
                         float* y, const Finish& finish) const {
  const std::int64_t units = (rows + kLeastRows - 1) / kLeastRows;
  const std::int64_t threads = std::min<std::int64_t>(free_threads(), units);
  try {
    parallel_for(threads, [&](std::int64_t t) {
      const OneThread guard;
      const std::int64_t begin = units * t / threads * kLeastRows;
      const std::int64_t end = std::min(rows, units * (t + 1) / threads * kLeastRows);
      state_->piece(x, begin, end, bias, accumulate, finish, y);
    });
  } catch (const dnnl::error& error) {
    translate(error);
  }
}

}  // namespace ascribo::ops
