// SPDX-License-Identifier: MIT
// Rounding in integers: half of the last kept bit is added, less one where that bit is even.
#include "ascribo/ops/simd/bf16.h"

#include "ascribo/ops/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ascribo/ops/simd/bf16.cpp"
#include <hwy/foreach_target.h>
// Highway's order: foreach_target first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ascribo::ops::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr hn::ScalableTag<float> kFloats;
constexpr hn::RebindToUnsigned<decltype(kFloats)> kBits;
constexpr hn::Rebind<std::uint16_t, decltype(kFloats)> kHalves;

// In the lower half of each lane.
template <class V>
auto rounded(V value) {
  const auto whole = hn::BitCast(kBits, value);
  const auto even = hn::And(hn::ShiftRight<16>(whole), hn::Set(kBits, 1u));
  const auto nearest = hn::ShiftRight<16>(hn::Add(whole, hn::Add(even, hn::Set(kBits, 0x7FFFu))));
  const auto quiet = hn::Or(hn::ShiftRight<16>(whole), hn::Set(kBits, 0x40u));
  return hn::IfThenElse(hn::RebindMask(kBits, hn::IsNaN(value)), quiet, nearest);
}

// What rounding left of a value; of infinity nothing.
template <class V, class Rounded>
auto left_over(V value, Rounded half) {
  const auto high = hn::BitCast(kFloats, hn::ShiftLeft<16>(half));
  return hn::IfThenZeroElse(hn::IsInf(high), hn::Sub(value, high));
}

void round_here(const float* from, std::int64_t n, std::uint16_t* to) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(kFloats));
  std::int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(hn::TruncateTo(kHalves, rounded(hn::LoadU(kFloats, from + i))), kHalves, to + i);
  }
  for (; i < n; ++i) {
    to[i] = static_cast<std::uint16_t>(hn::GetLane(rounded(hn::Set(kFloats, from[i]))));
  }
}

void split_here(const float* from, std::int64_t n, std::uint16_t* high, std::uint16_t* low) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(kFloats));
  std::int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto value = hn::LoadU(kFloats, from + i);
    const auto half = rounded(value);
    hn::StoreU(hn::TruncateTo(kHalves, half), kHalves, high + i);
    hn::StoreU(hn::TruncateTo(kHalves, rounded(left_over(value, half))), kHalves, low + i);
  }
  for (; i < n; ++i) {
    const auto value = hn::Set(kFloats, from[i]);
    const auto half = rounded(value);
    high[i] = static_cast<std::uint16_t>(hn::GetLane(half));
    low[i] = static_cast<std::uint16_t>(hn::GetLane(rounded(left_over(value, half))));
  }
}

void multiply_here(const std::uint16_t* a, std::int64_t n, float* y) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(kFloats));
  std::int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto whole = hn::ShiftLeft<16>(hn::PromoteTo(kBits, hn::LoadU(kHalves, a + i)));
    hn::StoreU(hn::Mul(hn::BitCast(kFloats, whole), hn::LoadU(kFloats, y + i)), kFloats, y + i);
  }
  for (; i < n; ++i) {
    const auto whole = hn::Set(kBits, static_cast<std::uint32_t>(a[i]) << 16);
    y[i] *= hn::GetLane(hn::BitCast(kFloats, whole));
  }
}

}  // namespace
}  // namespace ascribo::ops::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ascribo::ops::simd {

HWY_EXPORT(round_here);
HWY_EXPORT(split_here);
HWY_EXPORT(multiply_here);

void round_to_bf16(const float* from, std::int64_t n, std::uint16_t* to) {
  HWY_DYNAMIC_DISPATCH(round_here)(from, n, to);
}

void split_to_bf16(const float* from, std::int64_t n, std::uint16_t* high, std::uint16_t* low) {
  HWY_DYNAMIC_DISPATCH(split_here)(from, n, high, low);
}

void multiply_bf16(const std::uint16_t* a, std::int64_t n, float* y) {
  HWY_DYNAMIC_DISPATCH(multiply_here)(a, n, y);
}

}  // namespace ascribo::ops::simd
#endif
