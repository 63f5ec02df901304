// SPDX-License-Identifier: MIT
// Elementary functions on vectors of float, compiled once per CPU level; see Highway's per-target
// headers for the odd include guard. NaN in, NaN out.
#if defined(ASCRIBO_OPS_SIMD_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ASCRIBO_OPS_SIMD_MATH_INL_H_
#undef ASCRIBO_OPS_SIMD_MATH_INL_H_
#else
#define ASCRIBO_OPS_SIMD_MATH_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace ascribo::ops::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// At most 16 lanes everywhere, so that padded layouts are the same on every CPU.
using FloatTag = hn::CappedTag<float, 16>;
using FloatVec = hn::Vec<FloatTag>;

// Horner's scheme; coefficients from the lowest power up.
template <std::size_t kCount>
HWY_INLINE FloatVec polynomial(FloatVec x, const float (&coefficients)[kCount]) {
  const FloatTag d;
  FloatVec sum = hn::Set(d, coefficients[kCount - 1]);
  for (std::size_t i = kCount - 1; i-- > 0;) {
    sum = hn::MulAdd(sum, x, hn::Set(d, coefficients[i]));
  }
  return sum;
}

// e^x = 2^n e^r with r = x - n ln 2 in two steps; minimax polynomial of degree 6 on |r| <= ln 2 /
// 2, relative error 2e-9 before rounding. Below the smallest normal number 0; above 2.4e38 it
// stays.
HWY_INLINE FloatVec exponential(FloatVec x) {
  const FloatTag d;
  const hn::Rebind<std::int32_t, FloatTag> di;
  constexpr float kCoefficients[] = {1.0f,          1.0f,           0.49999991f,   0.16666420f,
                                     0.0416682251f, 0.00837482233f, 0.00138368341f};
  const FloatVec lowest = hn::Set(d, -87.33654f);
  const FloatVec bounded = hn::Min(hn::Max(x, lowest), hn::Set(d, 88.37f));
  const FloatVec n = hn::Round(hn::Mul(bounded, hn::Set(d, 1.44269504f)));
  FloatVec r = hn::NegMulAdd(n, hn::Set(d, 0.693145752f), bounded);
  r = hn::NegMulAdd(n, hn::Set(d, 1.42860677e-6f), r);
  const auto exponent = hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(di, n), hn::Set(di, 127)));
  const FloatVec y = hn::Mul(polynomial(r, kCoefficients), hn::BitCast(d, exponent));
  const FloatVec flushed = hn::IfThenZeroElse(hn::Lt(x, lowest), y);
  return hn::IfThenElse(hn::IsNaN(x), x, flushed);
}

// 1 / (1 + e^-x)
HWY_INLINE FloatVec logistic(FloatVec x) {
  const FloatVec one = hn::Set(FloatTag(), 1.0f);
  return hn::Div(one, hn::Add(one, exponential(hn::Neg(x))));
}

// tanh: x + x^3 P(x^2) near 0, else 1 - 2 / (e^2|x| + 1) with the sign of x.
HWY_INLINE FloatVec hyperbolic_tangent(FloatVec x) {
  const FloatTag d;
  constexpr float kCoefficients[] = {-0.333333313f, 0.133332103f,    -0.0539472029f,
                                     0.0217029676f, -0.00818267372f, 0.00214753696f};
  const FloatVec size = hn::Abs(x);
  const FloatVec square = hn::Mul(x, x);
  const FloatVec small = hn::MulAdd(hn::Mul(x, square), polynomial(square, kCoefficients), x);
  const FloatVec one = hn::Set(d, 1.0f);
  const FloatVec e = exponential(hn::Add(size, size));
  const FloatVec large = hn::Sub(one, hn::Div(hn::Set(d, 2.0f), hn::Add(e, one)));
  return hn::IfThenElse(hn::Lt(size, hn::Set(d, 0.625f)), small, hn::CopySign(large, x));
}

// The normal distribution: Phi(x), and e^(-x^2 / 2) for those who need the density, too.
// Phi(-a) = e^(-a^2 / 2) W(a); W(a) = erfcx(a / sqrt 2) / 2 is a polynomial of degree 12 in
// a / 2.75 - 1, fitted on [0, 5.5] with the weight of the exponential: absolute error 9e-8.
struct Normal {
  FloatVec phi, exponential;
};

HWY_INLINE Normal normal(FloatVec x) {
  const FloatTag d;
  constexpr float kCoefficients[] = {
      0.130724683f,    -0.1084783f,    0.0841492042f,   -0.0615085997f, 0.0417495407f,
      -0.0302620139f,  0.0202735811f,  -0.00256536133f, 0.0088119572f,  -0.0155268433f,
      -0.00635463092f, 0.00353285787f, 0.00583738554f};
  const FloatVec one = hn::Set(d, 1.0f);
  const FloatVec e = exponential(hn::Mul(hn::Mul(x, x), hn::Set(d, -0.5f)));
  const FloatVec size = hn::Min(hn::Abs(x), hn::Set(d, 5.5f));
  const FloatVec t = hn::MulSub(size, hn::Set(d, 1.0f / 2.75f), one);
  const FloatVec tail = hn::Mul(e, polynomial(t, kCoefficients));
  return {hn::IfThenElse(hn::Lt(x, hn::Zero(d)), tail, hn::Sub(one, tail)), e};
}

// Loads the first `count` lanes (less than a whole vector); the rest are zero.
HWY_INLINE FloatVec load_part(const float* from, std::size_t count) {
  const FloatTag d;
  HWY_ALIGN float lanes[hn::MaxLanes(d)] = {};
  for (std::size_t i = 0; i < count; ++i) lanes[i] = from[i];
  return hn::Load(d, lanes);
}

HWY_INLINE void store_part(FloatVec v, float* to, std::size_t count) {
  const FloatTag d;
  HWY_ALIGN float lanes[hn::MaxLanes(d)];
  hn::Store(v, d, lanes);
  for (std::size_t i = 0; i < count; ++i) to[i] = lanes[i];
}

// Calls function(load, store) for every vector of [0, count): load(p) reads p[at...],
// store(v, p) writes it. The last, partial one is computed in the same way as the others, so that
// a value's bits do not depend on where it stands.
template <class Function>
HWY_INLINE void for_each_vector(std::int64_t count, Function&& function) {
  const FloatTag d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    function([=](const float* p) HWY_ATTR { return hn::LoadU(d, p + i); },
             [=](FloatVec v, float* p) HWY_ATTR { hn::StoreU(v, d, p + i); });
  }
  if (i == count) return;
  const auto rest = static_cast<std::size_t>(count - i);
  function([=](const float* p) HWY_ATTR { return load_part(p + i, rest); },
           [=](FloatVec v, float* p) HWY_ATTR { store_part(v, p + i, rest); });
}

}  // namespace ascribo::ops::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target guard
