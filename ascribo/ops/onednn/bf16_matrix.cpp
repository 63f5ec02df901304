// SPDX-License-Identifier: MIT
// Products in bf16 by oneDNN. Rows are cut among the threads, and every call is one thread's. B is
// cut both ways, so that what a call reads and writes stays in a core's cache: 930 GFLOP/s where
// weights come from memory, instead of 750 for 3,072 columns and 770 for as many rows of B at once.
// Row counts are multiples of 32, since others run two to four times slower, and few, since every
// new one takes milliseconds of code generation.
#include "ascribo/ops/onednn/bf16_matrix.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "ascribo/base/assert.h"
#include "ascribo/base/threads.h"
#include "ascribo/ops/onednn/products.h"
#include "ascribo/ops/simd/bf16.h"
#include "ascribo/tensor/pool.h"

namespace ascribo::ops {
namespace {

using namespace onednn;
using dnnl::memory;

constexpr auto kHalf = memory::data_type::bf16;
constexpr std::int64_t kLeastRows = 32, kMostRows = 512;
constexpr std::int64_t kMostCut = 768;  // rows and columns of B

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

// Left factors of products, in one part or, where `low` is not null, in two.
struct Halves {
  Halves(const Shape& shape, bool in_two_parts) {
    tensors[0] = Tensor::empty(shape, Dtype::kBF16);
    high = halves_of(tensors[0]);
    if (!in_two_parts) return;
    tensors[1] = Tensor::empty(shape, Dtype::kBF16);
    low = halves_of(tensors[1]);
  }

  void take(const float* from, std::int64_t size, std::int64_t to) const {
    if (low != nullptr) {
      simd::split_to_bf16(from, size, high + to, low + to);
    } else {
      simd::round_to_bf16(from, size, high + to);
    }
  }

  void fill_with_zeros(std::int64_t begin, std::int64_t end) const {
    std::fill(high + begin, high + end, std::uint16_t{0});
    if (low != nullptr) std::fill(low + begin, low + end, std::uint16_t{0});
  }

  std::array<Tensor, 2> tensors;
  std::uint16_t *high = nullptr, *low = nullptr;
};

// Adds to `result`, or writes it, the product of halves from `begin` on and a piece of B.
void multiply(ProductShape shape, const Halves& halves, std::int64_t begin, const Tile& tile,
              float* result) {
  multiply(shape, halves.high + begin, tile.layout, tile.high, result);
  if (halves.low == nullptr) return;
  shape.accumulate = true;
  multiply(shape, halves.high + begin, tile.layout, tile.low, result);
  multiply(shape, halves.low + begin, tile.layout, tile.high, result);
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
    slices = cut(inner, kMostCut);
    panels = cut(outer, kMostCut);
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

  const Tile& tile(std::size_t panel, std::size_t slice) const {
    return tiles[panel * slices.size() + slice];
  }

  // x's rows [0, valid), zeros up to `count`, slice by slice, each dense.
  Halves take(const float* x, std::int64_t valid, std::int64_t count) const {
    Halves halves({count, inner}, in_two_parts);
    for (const Stretch slice : slices) {
      const std::int64_t place = slice.begin * count;
      for (std::int64_t row = 0; row < valid; ++row) {
        halves.take(x + row * inner + slice.begin, slice.width, place + row * slice.width);
      }
      halves.fill_with_zeros(place + valid * slice.width, place + count * slice.width);
    }
    return halves;
  }

  // A panel of the product with `count` rows, plus what is in `result` when `accumulate`.
  void multiply_panel(const Halves& x, std::int64_t count, std::size_t panel, bool accumulate,
                      float* result) const {
    ProductShape shape{kHalf, count, 0, panels[panel].width, accumulate};
    for (std::size_t slice = 0; slice < slices.size(); ++slice) {
      shape.inner = slices[slice].width;
      multiply(shape, x, slices[slice].begin * count, tile(panel, slice), result);
      shape.accumulate = true;
    }
  }

  // y's rows [first, first + valid) of x's, computed as `count`.
  void rows(const float* x, std::int64_t first, std::int64_t valid, std::int64_t count,
            const float* bias, bool accumulate, const Finish& finish, float* y) const {
    const Halves halves = take(x + first * inner, valid, count);
    const bool in_place = panels.size() == 1 && valid == count;
    Tensor buffer;
    if (!in_place) buffer = Tensor::empty({count, panels.front().width});
    float* result = in_place ? y + first * outer : buffer.mutable_data<float>();
    for (std::size_t panel = 0; panel < panels.size(); ++panel) {
      multiply_panel(halves, count, panel, in_place && accumulate, result);
      put_columns(result, {first, valid}, panels[panel], bias, accumulate && !in_place, finish, y,
                  outer);
    }
  }

  // Likewise of the product of what `between` makes of the product, whose columns leave the cache
  // for nothing else.
  void rows_through(const float* x, std::int64_t first, std::int64_t valid, std::int64_t count,
                    const Finish& between, const State& next, const float* bias, bool accumulate,
                    float* y) const {
    const Halves halves = take(x + first * inner, valid, count);
    const std::int64_t width = panels.front().width;
    Tensor middle = Tensor::empty({count, width}), sums = Tensor::empty({count, next.outer});
    const Halves second({count, width}, in_two_parts);
    for (std::size_t panel = 0; panel < panels.size(); ++panel) {
      const Stretch columns = panels[panel];
      auto* values = middle.mutable_data<float>();
      multiply_panel(halves, count, panel, false, values);
      for (std::int64_t row = 0; row < valid; ++row, values += columns.width) {
        between(values, first + row, columns.begin, columns.width);
        second.take(values, columns.width, row * columns.width);
      }
      second.fill_with_zeros(valid * columns.width, count * columns.width);
      for (std::size_t each = 0; each < next.panels.size(); ++each) {
        const Stretch to = next.panels[each];
        multiply({kHalf, count, columns.width, to.width, panel > 0}, second, 0,
                 next.tile(each, panel), sums.mutable_data<float>() + to.begin * count);
      }
    }
    for (const Stretch to : next.panels) {
      put_columns(sums.data<float>() + to.begin * count, {first, valid}, to, bias, accumulate, {},
                  y, next.outer);
    }
  }

  // Calls visit(row, how many of them, how many are computed) for about equally many of `all` rows
  // at a time, on all threads.
  template <class Visit>
  static void each_piece(std::int64_t all, Visit visit) {
    const std::int64_t units = (all + kLeastRows - 1) / kLeastRows;
    const std::int64_t threads = std::min<std::int64_t>(free_threads(), units);
    parallel_for(threads, [&](std::int64_t t) {
      const OneThread guard;
      const std::int64_t begin = units * t / threads * kLeastRows;
      const std::int64_t end = std::min(all, units * (t + 1) / threads * kLeastRows);
      const std::int64_t times = (end - begin + kMostRows - 1) / kMostRows;
      const std::int64_t share = round_up((end - begin + times - 1) / times);
      for (std::int64_t row = begin; row < end; row += share) {
        const std::int64_t valid = std::min(share, end - row);
        visit(row, valid, round_up(valid));
      }
    });
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
  const State& own = *state_;
  try {
    State::each_piece(rows, [&](std::int64_t row, std::int64_t valid, std::int64_t count) {
      own.rows(x, row, valid, count, bias, accumulate, finish, y);
    });
  } catch (const dnnl::error& error) {
    translate(error);
  }
}

void Bf16Matrix::product_through(const float* x, std::int64_t rows, const Finish& between,
                                 const Bf16Matrix& next, const float* bias, bool accumulate,
                                 float* y) const {
  const State &own = *state_, &last = *next.state_;
  ASCRIBO_ASSERT(own.outer == last.inner && own.in_two_parts == last.in_two_parts);
  try {
    State::each_piece(rows, [&](std::int64_t row, std::int64_t valid, std::int64_t count) {
      own.rows_through(x, row, valid, count, between, last, bias, accumulate, y);
    });
  } catch (const dnnl::error& error) {
    translate(error);
  }
}

}  // namespace ascribo::ops
