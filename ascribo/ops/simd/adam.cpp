// SPDX-License-Identifier: MIT
// One pass over gradients, weights and both means: memory decides how long it takes.
#include "ascribo/ops/simd/adam.h"

#include "ascribo/ops/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ascribo/ops/simd/adam.cpp"
#include <hwy/foreach_target.h>
// Highway's order: foreach_target first.
#include "ascribo/ops/simd/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ascribo::ops::simd::HWY_NAMESPACE {
namespace {

void adam_here(const AdamFactors& factors, const float* g, std::int64_t n, float* w, float* m,
               float* v) {
  const FloatTag d;
  const FloatVec beta1 = hn::Set(d, factors.beta1), rest1 = hn::Set(d, factors.rest1),
                 beta2 = hn::Set(d, factors.beta2), rest2 = hn::Set(d, factors.rest2),
                 scale = hn::Set(d, factors.scale), step_size = hn::Set(d, factors.step_size),
                 square_root = hn::Set(d, factors.square_root),
                 epsilon = hn::Set(d, factors.epsilon), kept = hn::Set(d, factors.kept);
  for_each_vector(n, [=](auto load, auto store) HWY_ATTR {
    const FloatVec slope = hn::Mul(load(g), scale);
    const FloatVec mean = hn::MulAdd(beta1, load(m), hn::Mul(rest1, slope));
    const FloatVec square = hn::MulAdd(beta2, load(v), hn::Mul(hn::Mul(rest2, slope), slope));
    store(mean, m);
    store(square, v);
    const FloatVec below = hn::MulAdd(hn::Sqrt(square), square_root, epsilon);
    const FloatVec step = hn::Div(hn::Mul(step_size, mean), below);
    store(hn::MulSub(load(w), kept, step), w);
  });
}

bool all_zero_here(const float* values, std::int64_t n) {
  const FloatTag d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    if (!hn::AllTrue(d, hn::Eq(hn::LoadU(d, values + i), hn::Zero(d)))) return false;
  }
  for (; i < n; ++i) {
    if (values[i] != 0) return false;
  }
  return true;
}

void scale_here(float factor, std::int64_t n, float* w) {
  const FloatTag d;
  const FloatVec factors = hn::Set(d, factor);
  for_each_vector(n, [=](auto load, auto store) HWY_ATTR { store(hn::Mul(load(w), factors), w); });
}

// Sixteen sums, whatever the vectors' length, so that the order is the same on every CPU.
double sum_of_squares_here(const float* values, std::int64_t n) {
  constexpr std::int64_t kSums = 16;
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<float, decltype(d)> half;
  constexpr std::int64_t kLanes = hn::MaxLanes(d), kVectors = kSums / kLanes;
  hn::Vec<decltype(d)> sums[kVectors];
  for (auto& each : sums) each = hn::Zero(d);
  std::int64_t i = 0;
  for (; i + kSums <= n; i += kSums) {
    for (std::int64_t j = 0; j < kVectors; ++j) {
      const auto x = hn::PromoteTo(d, hn::LoadU(half, values + i + j * kLanes));
      sums[j] = hn::MulAdd(x, x, sums[j]);
    }
  }
  HWY_ALIGN double parts[kSums];
  for (std::int64_t j = 0; j < kVectors; ++j) hn::Store(sums[j], d, parts + j * kLanes);
  double total = 0;
  for (; i < n; ++i) total += static_cast<double>(values[i]) * values[i];
  for (const double part : parts) total += part;
  return total;
}

}  // namespace
}  // namespace ascribo::ops::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ascribo::ops::simd {

HWY_EXPORT(adam_here);
HWY_EXPORT(all_zero_here);
HWY_EXPORT(scale_here);
HWY_EXPORT(sum_of_squares_here);

void adam(const AdamFactors& factors, const float* g, std::int64_t n, float* w, float* m,
          float* v) {
  HWY_DYNAMIC_DISPATCH(adam_here)(factors, g, n, w, m, v);
}

bool all_zero(const float* values, std::int64_t n) {
  return HWY_DYNAMIC_DISPATCH(all_zero_here)(values, n);
}

void scale(float factor, std::int64_t n, float* w) {
  HWY_DYNAMIC_DISPATCH(scale_here)(factor, n, w);
}

double sum_of_squares(const float* values, std::int64_t n) {
  return HWY_DYNAMIC_DISPATCH(sum_of_squares_here)(values, n);
}

}  // namespace ascribo::ops::simd
#endif
