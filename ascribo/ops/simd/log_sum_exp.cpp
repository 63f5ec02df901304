// SPDX-License-Identifier: MIT
// Two passes: the largest, which keeps the powers of e from overflowing, then their sum.
#include "ascribo/ops/simd/log_sum_exp.h"

#include <cmath>
#include <limits>

#include "ascribo/ops/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ascribo/ops/simd/log_sum_exp.cpp"
#include <hwy/foreach_target.h>
// Highway's order: foreach_target first.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ascribo::ops::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using DoubleTag = hn::CappedTag<double, 8>;
using DoubleVec = hn::Vec<DoubleTag>;

constexpr double kNothing = -std::numeric_limits<double>::infinity();

// Calls visit(lanes, first index, how many of the lanes are values) for all values; the lanes after
// the last are minus infinity.
template <class Visit>
HWY_INLINE void each_vector(const double* z, std::int64_t count, Visit&& visit) {
  const DoubleTag d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) visit(hn::LoadU(d, z + i), i, lanes);
  if (i == count) return;
  HWY_ALIGN double rest[hn::MaxLanes(d)];
  for (std::int64_t k = 0; k < lanes; ++k) rest[k] = i + k < count ? z[i + k] : kNothing;
  visit(hn::Load(d, rest), i, count - i);
}

double log_sum_here(const double* z, std::int64_t count) {
  const DoubleTag d;
  DoubleVec most = hn::Set(d, kNothing);
  auto odd = hn::IsNaN(most);
  each_vector(z, count, [&](DoubleVec values, std::int64_t, std::int64_t) HWY_ATTR {
    most = hn::Max(most, values);
    odd = hn::Or(odd, hn::IsNaN(values));
  });
  const double top = hn::GetLane(hn::MaxOfLanes(d, most));
  if (!hn::AllFalse(d, odd) || !std::isfinite(top)) return std::nan("");
  const DoubleVec shift = hn::Set(d, top);
  DoubleVec sum = hn::Zero(d);
  each_vector(z, count, [&](DoubleVec values, std::int64_t, std::int64_t) HWY_ATTR {
    sum = hn::Add(sum, hn::Exp(d, hn::Sub(values, shift)));
  });
  return top + std::log(hn::GetLane(hn::SumOfLanes(d, sum)));
}

void add_here(const double* z, std::int64_t count, double shift, double scale, double* y) {
  const DoubleTag d;
  const DoubleVec moved = hn::Set(d, shift), factor = hn::Set(d, scale);
  HWY_ALIGN double powers[hn::MaxLanes(d)];
  each_vector(z, count, [&](DoubleVec values, std::int64_t first, std::int64_t valid) HWY_ATTR {
    hn::Store(hn::Mul(factor, hn::Exp(d, hn::Sub(values, moved))), d, powers);
    for (std::int64_t k = 0; k < valid; ++k) y[first + k] += powers[k];
  });
}

}  // namespace
}  // namespace ascribo::ops::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ascribo::ops::simd {

HWY_EXPORT(log_sum_here);
HWY_EXPORT(add_here);

double log_sum_exp(const double* z, std::int64_t count) {
  return HWY_DYNAMIC_DISPATCH(log_sum_here)(z, count);
}

void add_exponentials(const double* z, std::int64_t count, double shift, double scale, double* y) {
  HWY_DYNAMIC_DISPATCH(add_here)(z, count, shift, scale, y);
}

}  // namespace ascribo::ops::simd
#endif
