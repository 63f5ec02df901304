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
// As many mixtures as there are registers for, beside the lengths and what is being added.
constexpr int kQueries = kLanes == 16 ? 6 : 4;

// What is done with a mixture; known when the loop is compiled, or a branch would follow each.
template <bool kSquares, bool kWholes>
struct Measuring {};

template <int kRows, int kVectors>
HWY_INLINE void mix_heads(const KeyMixtures& task, std::int64_t query, std::int64_t col,
                          FloatVec (&mixture)[kRows][kVectors]) {
  const FloatTag d;
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
  if (task.place < query || task.place >= query + kRows) return;
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors && query + r == task.place; ++v) {
      mixture[r][v] = hn::Add(mixture[r][v], hn::LoadU(d, task.own + col + v * kLanes));
    }
  }
}

template <int kVectors, int kRows, bool kSquares, bool kWholes>
HWY_INLINE void add_columns(const KeyMixtures& task, std::int64_t query, std::int64_t col,
                            FloatVec (&lengths)[kRows], Measuring<kSquares, kWholes>) {
  const FloatTag d;
  FloatVec mixture[kRows][kVectors];
  mix_heads(task, query, col, mixture);
  const std::int64_t first = query * task.width + col;
  float* const sums = task.sums + first;
  const float* const wholes = kWholes ? task.wholes + first : nullptr;
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      const std::int64_t at = r * task.width + v * kLanes;
      FloatVec x = mixture[r][v];
      hn::StoreU(hn::Add(hn::LoadU(d, sums + at), x), d, sums + at);
      if constexpr (kWholes) x = hn::Sub(x, hn::LoadU(d, wholes + at));
      if constexpr (kSquares) {
        lengths[r] = hn::MulAdd(x, x, lengths[r]);
      } else {
        lengths[r] = hn::Add(hn::Abs(x), lengths[r]);
      }
    }
  }
}

template <int kRows, class How>
void measure_queries(const KeyMixtures& task, std::int64_t query, How how) {
  const FloatTag d;
  FloatVec lengths[kRows];
  for (int r = 0; r < kRows; ++r) lengths[r] = hn::Zero(d);
  std::int64_t col = 0;
  for (; col + 2 * kLanes <= task.width; col += 2 * kLanes) {
    add_columns<2>(task, query, col, lengths, how);
  }
  for (; col < task.width; col += kLanes) add_columns<1>(task, query, col, lengths, how);
  for (int r = 0; r < kRows; ++r) {
    task.out[(query + r) * task.out_query] = hn::GetLane(hn::SumOfLanes(d, lengths[r]));
  }
}

template <class How>
void measure_all(const KeyMixtures& task, How how) {
  std::int64_t query = 0;
  for (; query + kQueries <= task.queries; query += kQueries) {
    measure_queries<kQueries>(task, query, how);
  }
  for (; query < task.queries; ++query) measure_queries<1>(task, query, how);
}

void measure_here(const KeyMixtures& task) {
  const bool wholes = task.wholes != nullptr;
  if (task.squares) {
    if (wholes) return measure_all(task, Measuring<true, true>());
    return measure_all(task, Measuring<true, false>());
  }
  if (wholes) return measure_all(task, Measuring<false, true>());
  return measure_all(task, Measuring<false, false>());
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
