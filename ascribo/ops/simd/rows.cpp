// SPDX-License-Identifier: MIT
// Sums along a row run in a fixed order: four interleaved partial sums per lane, then the lanes.
#include "ascribo/ops/simd/rows.h"

#include <cmath>

#include "ascribo/ops/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ascribo/ops/simd/rows.cpp"
#include <hwy/foreach_target.h>
// Highway's order: foreach_target first.
#include "ascribo/ops/simd/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ascribo::ops::simd::HWY_NAMESPACE {
namespace {

// Sum of value(load) over all vectors of the row; load(p) reads p there. Lanes past the end of the
// row do not count.
template <class Value>
HWY_INLINE float row_sum(std::int64_t n, Value&& value) {
  const FloatTag d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  FloatVec s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
  const auto whole = [=](std::int64_t i) HWY_ATTR {
    return [=](const float* p) HWY_ATTR { return hn::LoadU(d, p + i); };
  };
  std::int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    s0 = hn::Add(s0, value(whole(i)));
    s1 = hn::Add(s1, value(whole(i + lanes)));
    s2 = hn::Add(s2, value(whole(i + 2 * lanes)));
    s3 = hn::Add(s3, value(whole(i + 3 * lanes)));
  }
  for (; i + lanes <= n; i += lanes) s0 = hn::Add(s0, value(whole(i)));
  if (i < n) {
    const auto rest = static_cast<std::size_t>(n - i);
    const auto part = [=](const float* p) HWY_ATTR { return load_part(p + i, rest); };
    s1 = hn::Add(s1, hn::IfThenElseZero(hn::FirstN(d, rest), value(part)));
  }
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3))));
}

void layer_norm(const float* x, const float* residual, const float* gamma, const float* beta,
                float epsilon, std::int64_t n, float* y, float* normalized, float* inverse) {
  const FloatTag d;
  const float* values = x;
  if (residual != nullptr) {  // y holds the sum until it is overwritten
    for_each_vector(
        n, [=](auto load, auto store) HWY_ATTR { store(hn::Add(load(x), load(residual)), y); });
    values = y;
  }
  const auto count = static_cast<float>(n);
  const float mean = row_sum(n, [=](auto load) HWY_ATTR { return load(values); }) / count;
  const FloatVec center = hn::Set(d, mean);
  const float squares = row_sum(n, [=](auto load) HWY_ATTR {
    const FloatVec distance = hn::Sub(load(values), center);
    return hn::Mul(distance, distance);
  });
  const float scale = 1.0f / std::sqrt(squares / count + epsilon);
  const FloatVec factor = hn::Set(d, scale);
  for_each_vector(n, [=](auto load, auto store) HWY_ATTR {
    const FloatVec normal = hn::Mul(hn::Sub(load(values), center), factor);
    if (normalized != nullptr) store(normal, normalized);
    store(hn::MulAdd(normal, load(gamma), load(beta)), y);
  });
  if (inverse != nullptr) *inverse = scale;
}

void layer_norm_gradient(const float* dy, const float* normalized, const float* gamma,
                         float inverse, std::int64_t n, float* dx, bool accumulate) {
  const FloatTag d;
  const float total =
      row_sum(n, [=](auto load) HWY_ATTR { return hn::Mul(load(dy), load(gamma)); });
  const float projected = row_sum(n, [=](auto load) HWY_ATTR {
    return hn::Mul(hn::Mul(load(dy), load(gamma)), load(normalized));
  });
  const FloatVec mean = hn::Set(d, total / static_cast<float>(n));
  const FloatVec slope = hn::Set(d, projected / static_cast<float>(n));
  const FloatVec factor = hn::Set(d, inverse);
  for_each_vector(n, [=](auto load, auto store) HWY_ATTR {
    // Rounded like the products in the sums, so that a constant cancels exactly.
    const FloatVec centered = hn::Sub(hn::Mul(load(dy), load(gamma)), mean);
    const FloatVec gradient = hn::Mul(hn::NegMulAdd(load(normalized), slope, centered), factor);
    store(accumulate ? hn::Add(load(dx), gradient) : gradient, dx);
  });
}

void rms_norm(const float* x, const float* gamma, float epsilon, std::int64_t n, float* y,
              float* inverse) {
  const FloatTag d;
  const float squares = row_sum(n, [=](auto load) HWY_ATTR { return hn::Mul(load(x), load(x)); });
  const float scale = 1.0f / std::sqrt(squares / static_cast<float>(n) + epsilon);
  const FloatVec factor = hn::Set(d, scale);
  for_each_vector(n, [=](auto load, auto store)
                         HWY_ATTR { store(hn::Mul(hn::Mul(load(x), factor), load(gamma)), y); });
  if (inverse != nullptr) *inverse = scale;
}

void rms_norm_gradient(const float* dy, const float* x, const float* gamma, float inverse,
                       std::int64_t n, float* dx, bool accumulate) {
  const FloatTag d;
  const FloatVec factor = hn::Set(d, inverse);
  const float projected = row_sum(n, [=](auto load) HWY_ATTR {
    return hn::Mul(hn::Mul(load(dy), load(gamma)), hn::Mul(load(x), factor));
  });
  const FloatVec slope = hn::Set(d, projected / static_cast<float>(n));
  for_each_vector(n, [=](auto load, auto store) HWY_ATTR {
    const FloatVec normal = hn::Mul(load(x), factor);
    const FloatVec gradient =
        hn::Mul(hn::NegMulAdd(normal, slope, hn::Mul(load(dy), load(gamma))), factor);
    store(accumulate ? hn::Add(load(dx), gradient) : gradient, dx);
  });
}

void softmax(const float* scores, const float* mask, float scale, std::int64_t n, float* probs) {
  const FloatTag d;
  const FloatVec factor = hn::Set(d, scale);
  // Starting from the lowest finite number keeps -inf - -inf away from rows masked entirely.
  FloatVec highest = hn::Set(d, -3.0e38f);
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t i = 0; i < n; i += lanes) {
    highest =
        hn::Max(highest, hn::MulAdd(hn::LoadU(d, scores + i), factor, hn::LoadU(d, mask + i)));
  }
  const FloatVec shift = hn::MaxOfLanes(d, highest);
  for_each_vector(n, [=](auto load, auto store) HWY_ATTR {
    const FloatVec score = hn::MulAdd(load(scores), factor, load(mask));
    store(exponential(hn::Sub(score, shift)), probs);
  });
  const float sum = row_sum(n, [=](auto load) HWY_ATTR { return load(probs); });
  const FloatVec inverse = hn::Set(d, sum == 0.0f ? 0.0f : 1.0f / sum);
  for_each_vector(
      n, [=](auto load, auto store) HWY_ATTR { store(hn::Mul(load(probs), inverse), probs); });
}

void softmax_gradient(const float* probs, const float* dp, float scale, std::int64_t n, float* ds) {
  const FloatTag d;
  const float dot = row_sum(n, [=](auto load) HWY_ATTR { return hn::Mul(load(probs), load(dp)); });
  const FloatVec mean = hn::Set(d, dot), factor = hn::Set(d, scale);
  for_each_vector(n, [=](auto load, auto store) HWY_ATTR {
    store(hn::Mul(hn::Mul(load(probs), factor), hn::Sub(load(dp), mean)), ds);
  });
}

void add_all(const float* a, const float* b, std::int64_t n, float* y) {
  for_each_vector(n, [=](auto load, auto store) HWY_ATTR { store(hn::Add(load(a), load(b)), y); });
}

void multiply_all(const float* a, const float* b, std::int64_t n, bool accumulate, float* y) {
  if (accumulate) {
    for_each_vector(n, [=](auto load, auto store)
                           HWY_ATTR { store(hn::MulAdd(load(a), load(b), load(y)), y); });
  } else {
    for_each_vector(n,
                    [=](auto load, auto store) HWY_ATTR { store(hn::Mul(load(a), load(b)), y); });
  }
}

}  // namespace
}  // namespace ascribo::ops::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ascribo::ops::simd {

HWY_EXPORT(layer_norm);
HWY_EXPORT(layer_norm_gradient);
HWY_EXPORT(rms_norm);
HWY_EXPORT(rms_norm_gradient);
HWY_EXPORT(softmax);
HWY_EXPORT(softmax_gradient);
HWY_EXPORT(add_all);
HWY_EXPORT(multiply_all);

void layer_norm_row(const float* x, const float* residual, const float* gamma, const float* beta,
                    float epsilon, std::int64_t n, float* y, float* normalized, float* inverse) {
  HWY_DYNAMIC_DISPATCH(layer_norm)
  (x, residual, gamma, beta, epsilon, n, y, normalized, inverse);
}

void layer_norm_gradient_row(const float* dy, const float* normalized, const float* gamma,
                             float inverse, std::int64_t n, float* dx, bool accumulate) {
  HWY_DYNAMIC_DISPATCH(layer_norm_gradient)(dy, normalized, gamma, inverse, n, dx, accumulate);
}

void rms_norm_row(const float* x, const float* gamma, float epsilon, std::int64_t n, float* y,
                  float* inverse) {
  HWY_DYNAMIC_DISPATCH(rms_norm)(x, gamma, epsilon, n, y, inverse);
}

void rms_norm_gradient_row(const float* dy, const float* x, const float* gamma, float inverse,
                           std::int64_t n, float* dx, bool accumulate) {
  HWY_DYNAMIC_DISPATCH(rms_norm_gradient)(dy, x, gamma, inverse, n, dx, accumulate);
}

void softmax_row(const float* scores, const float* mask, float scale, std::int64_t n,
                 float* probs) {
  HWY_DYNAMIC_DISPATCH(softmax)(scores, mask, scale, n, probs);
}

void softmax_gradient_row(const float* probs, const float* dp, float scale, std::int64_t n,
                          float* ds) {
  HWY_DYNAMIC_DISPATCH(softmax_gradient)(probs, dp, scale, n, ds);
}

void add(const float* a, const float* b, std::int64_t n, float* y) {
  HWY_DYNAMIC_DISPATCH(add_all)(a, b, n, y);
}

void multiply(const float* a, const float* b, std::int64_t n, bool accumulate, float* y) {
  HWY_DYNAMIC_DISPATCH(multiply_all)(a, b, n, accumulate, y);
}

}  // namespace ascribo::ops::simd
#endif
