// SPDX-License-Identifier: MIT
// Register tiles of several rows by two vectors of columns.
#include "ascribo/ops/simd/product.h"

#include <algorithm>

#include "ascribo/ops/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ascribo/ops/simd/product.cpp"
#include <hwy/foreach_target.h>
// Highway's order: foreach_target first.
#include "ascribo/ops/simd/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ascribo::ops::simd::HWY_NAMESPACE {
namespace {

constexpr std::int64_t kLanes = hn::MaxLanes(FloatTag());
// As many sums as there are registers for, and enough to hide the latency of multiply-add.
constexpr int kTileRows = kLanes == 16 ? 8 : 6;

FloatVec first_terms(const float* c, std::int64_t count) {
  const FloatTag d;
  if (count <= 0) return hn::Zero(d);
  return count == kLanes ? hn::LoadU(d, c) : load_part(c, static_cast<std::size_t>(count));
}

template <int kRows, int kVectors>
void tile(const Product& task, std::int64_t row, std::int64_t col) {
  const FloatTag d;
  FloatVec sums[kRows][kVectors];
  for (int r = 0; r < kRows; ++r) {
    const float* c = task.c + (row + r) * task.c_row + col;
    for (int v = 0; v < kVectors; ++v) {
      const std::int64_t left = std::min(kLanes, task.n - col - v * kLanes);
      sums[r][v] = task.accumulate ? first_terms(c + v * kLanes, left) : hn::Zero(d);
    }
  }
  const float* a = task.a + row * task.a_row;
  const float* b = task.b + col;
  for (std::int64_t k = 0; k < task.k; ++k, a += task.a_col, b += task.b_row) {
    FloatVec columns[kVectors];
    for (int v = 0; v < kVectors; ++v) columns[v] = hn::LoadU(d, b + v * kLanes);
    for (int r = 0; r < kRows; ++r) {
      const FloatVec factor = hn::Set(d, a[r * task.a_row]);
      for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(factor, columns[v], sums[r][v]);
    }
  }
  for (int r = 0; r < kRows; ++r) {
    float* c = task.c + (row + r) * task.c_row + col;
    for (int v = 0; v < kVectors; ++v) {
      const std::int64_t at = v * kLanes;
      const std::int64_t left = std::min(kLanes, task.n - col - at);
      if (left <= 0) break;
      const auto count = static_cast<std::size_t>(left);
      FloatVec y = sums[r][v];
      if (task.bias != nullptr) y = hn::Add(y, hn::LoadU(d, task.bias + col + at));
      if (left == kLanes) {
        hn::StoreU(y, d, c + at);
      } else {
        store_part(y, c + at, count);
      }
    }
  }
}

template <int kVectors, int kRows = kTileRows>
void last_rows(const Product& task, std::int64_t row, std::int64_t col, std::int64_t left) {
  if (left == kRows) return tile<kRows, kVectors>(task, row, col);
  if constexpr (kRows > 1) last_rows<kVectors, kRows - 1>(task, row, col, left);
}

template <int kVectors>
void columns(const Product& task, std::int64_t col) {
  std::int64_t row = 0;
  for (; row + kTileRows <= task.m; row += kTileRows) tile<kTileRows, kVectors>(task, row, col);
  if (row < task.m) last_rows<kVectors>(task, row, col, task.m - row);
}

void product_here(const Product& task) {
  std::int64_t col = 0;
  const std::int64_t width = padded(task.n);
  // So few sums hide no latency, and reading B is all the work: whole lines of it at a time.
  for (; task.m <= 2 && col + 4 * kLanes <= task.n; col += 4 * kLanes) {
    last_rows<4, 2>(task, 0, col, task.m);
  }
  for (; col + 2 * kLanes <= width && col + kLanes < task.n; col += 2 * kLanes) {
    columns<2>(task, col);
  }
  for (; col < task.n; col += kLanes) columns<1>(task, col);
}

// Four rows by four columns. The portable code has vectors of one lane, which cannot be shuffled.
void transpose_square(const float* from, std::int64_t from_row, std::int64_t rows, float* to,
                      std::int64_t to_row) {
#if HWY_TARGET == HWY_SCALAR
  for (std::int64_t i = 0; i < 16; ++i) {
    to[i / 4 * to_row + i % 4] = i % 4 < rows ? from[i % 4 * from_row + i / 4] : 0.0f;
  }
#else
  const hn::FixedTag<float, 4> d;
  const auto load = [=](std::int64_t row) HWY_ATTR {
    return row < rows ? hn::LoadU(d, from + row * from_row) : hn::Zero(d);
  };
  const auto r0 = load(0), r1 = load(1), r2 = load(2), r3 = load(3);
  const auto low01 = hn::InterleaveLower(d, r0, r1), low23 = hn::InterleaveLower(d, r2, r3);
  const auto high01 = hn::InterleaveUpper(d, r0, r1), high23 = hn::InterleaveUpper(d, r2, r3);
  hn::StoreU(hn::ConcatLowerLower(d, low23, low01), d, to);
  hn::StoreU(hn::ConcatUpperUpper(d, low23, low01), d, to + to_row);
  hn::StoreU(hn::ConcatLowerLower(d, high23, high01), d, to + 2 * to_row);
  hn::StoreU(hn::ConcatUpperUpper(d, high23, high01), d, to + 3 * to_row);
#endif
}

void transpose_here(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t cols,
                    float* to, std::int64_t to_row) {
  const std::int64_t whole = cols / 4 * 4;
  for (std::int64_t row = 0; row < to_row; row += 4) {
    const float* source = from + row * from_row;
    for (std::int64_t col = 0; col < whole; col += 4) {
      transpose_square(source + col, from_row, rows - row, to + col * to_row + row, to_row);
    }
    for (std::int64_t col = whole; col < cols; ++col) {
      for (std::int64_t r = 0; r < 4; ++r) {
        to[col * to_row + row + r] = row + r < rows ? source[r * from_row + col] : 0.0f;
      }
    }
  }
}

}  // namespace
}  // namespace ascribo::ops::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ascribo::ops::simd {

HWY_EXPORT(product_here);
HWY_EXPORT(transpose_here);

void product(const Product& task) { HWY_DYNAMIC_DISPATCH(product_here)(task); }

void transpose(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t cols,
               float* to, std::int64_t to_row) {
  HWY_DYNAMIC_DISPATCH(transpose_here)(from, from_row, rows, cols, to, to_row);
}

}  // namespace ascribo::ops::simd
#endif
