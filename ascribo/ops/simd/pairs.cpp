// SPDX-License-Identifier: MIT
// Tiles of several queries by two vectors of columns: each vector of a head is loaded once for all
// queries of a tile, and no mixture is ever written to memory.
#include "ascribo/ops/simd/pairs.h"

#include "ascribo/ops/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ascribo/ops/simd/pairs.cpp"
#include <hwy/foreach_target.h>
// Highway's order: foreach_target first.
#include "ascribo/ops/simd/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ascribo::ops::simd::HWY_NAMESPACE {
namespace {

constexpr std::int64_t kLanes = hn::MaxLanes(FloatTag());
constexpr std::int64_t kBlock = 16;
// As many mixtures as there are registers for.
constexpr int kQueries = kLanes == 16 ? 8 : 4;

template <int kRows, int kVectors>
void add_columns(const KeyMixtures& task, std::int64_t query, std::int64_t col,
                 FloatVec (&lengths)[kRows]) {
  const FloatTag d;
  FloatVec mixture[kRows][kVectors];
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) mixture[r][v] = hn::Zero(d);
  }
  const float* vectors[kVectors];
  for (int v = 0; v < kVectors; ++v) {
    const std::int64_t at = col + v * kLanes;
    vectors[v] = task.vectors + at / kBlock * kBlock * task.heads + at % kBlock;
  }
  const float* probs = task.probs + query * task.heads;
  for (std::int64_t h = 0; h < task.heads; ++h) {
    FloatVec columns[kVectors];
    for (int v = 0; v < kVectors; ++v) columns[v] = hn::LoadU(d, vectors[v] + h * kBlock);
    for (int r = 0; r < kRows; ++r) {
      const FloatVec factor = hn::Set(d, probs[r * task.heads + h]);
      for (int v = 0; v < kVectors; ++v) {
        mixture[r][v] = hn::MulAdd(factor, columns[v], mixture[r][v]);
      }
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      const std::int64_t column = col + v * kLanes, at = (query + r) * task.width + column;
      FloatVec x = mixture[r][v];
      if (query + r == task.place) x = hn::Add(x, hn::LoadU(d, task.own + column));
      hn::StoreU(hn::Add(hn::LoadU(d, task.sums + at), x), d, task.sums + at);
      if (task.wholes != nullptr) x = hn::Sub(x, hn::LoadU(d, task.wholes + at));
      lengths[r] = task.squares ? hn::MulAdd(x, x, lengths[r]) : hn::Add(hn::Abs(x), lengths[r]);
    }
  }
}

template <int kRows>
void measure_queries(const KeyMixtures& task, std::int64_t query) {
  const FloatTag d;
  FloatVec lengths[kRows];
  for (int r = 0; r < kRows; ++r) lengths[r] = hn::Zero(d);
  std::int64_t col = 0;
  for (; col + 2 * kLanes <= task.width; col += 2 * kLanes) {
    add_columns<kRows, 2>(task, query, col, lengths);
  }
  for (; col < task.width; col += kLanes) add_columns<kRows, 1>(task, query, col, lengths);
  for (int r = 0; r < kRows; ++r) {
    task.out[(query + r) * task.out_query] = hn::GetLane(hn::SumOfLanes(d, lengths[r]));
  }
}

void measure_here(const KeyMixtures& task) {
  std::int64_t query = 0;
  for (; query + kQueries <= task.queries; query += kQueries) {
    measure_queries<kQueries>(task, query);
  }
  for (; query < task.queries; ++query) measure_queries<1>(task, query);
}

}  // namespace
}  // namespace ascribo::ops::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ascribo::ops::simd {

HWY_EXPORT(measure_here);

void measure_mixtures(const KeyMixtures& task) { HWY_DYNAMIC_DISPATCH(measure_here)(task); }

}  // namespace ascribo::ops::simd
#endif
