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
constexpr int kQueries = 4;

template <int kRows, int kVectors>
void add_columns(const KeyMixtures& task, std::int64_t query, std::int64_t col,
                 FloatVec (&sums)[kRows][2]) {
  const FloatTag d;
  FloatVec mixture[kRows][kVectors];
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) mixture[r][v] = hn::Zero(d);
  }
  const float* vectors = task.vectors + col;
  const float* probs = task.probs + query * task.prob_query;
  for (std::int64_t h = 0; h < task.heads; ++h) {
    FloatVec columns[kVectors];
    for (int v = 0; v < kVectors; ++v) columns[v] = hn::LoadU(d, vectors + v * kLanes);
    for (int r = 0; r < kRows; ++r) {
      const FloatVec factor = hn::Set(d, probs[r * task.prob_query]);
      for (int v = 0; v < kVectors; ++v) {
        mixture[r][v] = hn::MulAdd(factor, columns[v], mixture[r][v]);
      }
    }
    vectors += task.vector_head;
    probs += task.prob_head;
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      const std::int64_t at = col + v * kLanes;
      FloatVec x = mixture[r][v];
      if (query + r == task.place) x = hn::Add(x, hn::LoadU(d, task.own + at));
      if (task.wholes != nullptr) {
        x = hn::Sub(x, hn::LoadU(d, task.wholes + (query + r) * task.width + at));
      }
      sums[r][v] = task.squares ? hn::MulAdd(x, x, sums[r][v]) : hn::Add(hn::Abs(x), sums[r][v]);
    }
  }
}

template <int kRows>
void measure_queries(const KeyMixtures& task, std::int64_t query) {
  const FloatTag d;
  FloatVec sums[kRows][2];
  for (int r = 0; r < kRows; ++r) sums[r][0] = sums[r][1] = hn::Zero(d);
  std::int64_t col = 0;
  for (; col + 2 * kLanes <= task.width; col += 2 * kLanes) {
    add_columns<kRows, 2>(task, query, col, sums);
  }
  for (; col < task.width; col += kLanes) add_columns<kRows, 1>(task, query, col, sums);
  for (int r = 0; r < kRows; ++r) {
    task.out[(query + r) * task.out_query] =
        hn::GetLane(hn::SumOfLanes(d, hn::Add(sums[r][0], sums[r][1])));
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
