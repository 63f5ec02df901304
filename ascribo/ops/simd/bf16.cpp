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

void round_here(const float* from, std::int64_t n, std::uint16_t* to) {
  const hn::ScalableTag<float> d;
  const hn::RebindToUnsigned<decltype(d)> bits;
  const hn::Rebind<std::uint16_t, decltype(d)> half;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const auto rounded = [&](auto value) {
    const auto whole = hn::BitCast(bits, value);
    const auto even = hn::And(hn::ShiftRight<16>(whole), hn::Set(bits, 1u));
    const auto nearest = hn::ShiftRight<16>(hn::Add(whole, hn::Add(even, hn::Set(bits, 0x7FFFu))));
    const auto quiet = hn::Or(hn::ShiftRight<16>(whole), hn::Set(bits, 0x40u));
    return hn::IfThenElse(hn::RebindMask(bits, hn::IsNaN(value)), quiet, nearest);
  };
  std::int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(hn::TruncateTo(half, rounded(hn::LoadU(d, from + i))), half, to + i);
  }
  for (; i < n; ++i) {
    to[i] = static_cast<std::uint16_t>(hn::GetLane(rounded(hn::Set(d, from[i]))));
  }
}

}  // namespace
}  // namespace ascribo::ops::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ascribo::ops::simd {

HWY_EXPORT(round_here);

void round_to_bf16(const float* from, std::int64_t n, std::uint16_t* to) {
  HWY_DYNAMIC_DISPATCH(round_here)(from, n, to);
}

}  // namespace ascribo::ops::simd
#endif
