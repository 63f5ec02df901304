// SPDX-License-Identifier: MIT
// The usual activations on vectors.
#include "ascribo/ops/simd/activation.h"

#include "ascribo/ops/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ascribo/ops/simd/activation.cpp"
#include <hwy/foreach_target.h>
// Highway's order: foreach_target first.
#include "ascribo/ops/simd/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ascribo::ops::simd::HWY_NAMESPACE {
namespace {

HWY_INLINE FloatVec constant(float value) { return hn::Set(FloatTag(), value); }

struct Relu {
  static HWY_INLINE FloatVec value(FloatVec x) {
    return hn::IfThenZeroElse(hn::Le(x, hn::Zero(FloatTag())), x);
  }
  static HWY_INLINE FloatVec slope(FloatVec x) {
    return hn::IfThenZeroElse(hn::Le(x, hn::Zero(FloatTag())), constant(1.0f));
  }
};

struct Gelu {
  static HWY_INLINE FloatVec value(FloatVec x) { return hn::Mul(x, normal(x).phi); }
  static HWY_INLINE FloatVec slope(FloatVec x) {
    const Normal at = normal(x);
    return hn::MulAdd(hn::Mul(x, constant(0.398942280f)), at.exponential, at.phi);
  }
};

// x (1 + tanh u) / 2 = x s(2 u), where s is the logistic function and u = c (x + 0.044715 x^3).
struct GeluTanh {
  static HWY_INLINE FloatVec inner(FloatVec x, float cubic) {
    const FloatVec square = hn::Mul(x, x);
    return hn::MulAdd(square, constant(1.59576912f * cubic), constant(1.59576912f));
  }
  static HWY_INLINE FloatVec value(FloatVec x) {
    return hn::Mul(x, logistic(hn::Mul(x, inner(x, 0.044715f))));
  }
  static HWY_INLINE FloatVec slope(FloatVec x) {
    const FloatVec s = logistic(hn::Mul(x, inner(x, 0.044715f)));
    const FloatVec bend = hn::Mul(hn::NegMulAdd(s, s, s), inner(x, 3 * 0.044715f));
    return hn::MulAdd(x, bend, s);
  }
};

struct Sigmoid {
  static HWY_INLINE FloatVec value(FloatVec x) { return logistic(x); }
  static HWY_INLINE FloatVec slope(FloatVec x) {
    const FloatVec s = logistic(x);
    return hn::NegMulAdd(s, s, s);
  }
};

// x s(k x): SiLU with k = 1, quick GELU with k = 1.702.
template <int kThousandths>
struct Swish {
  static constexpr float kSlope = static_cast<float>(kThousandths) / 1000.0f;
  static HWY_INLINE FloatVec value(FloatVec x) {
    return hn::Mul(x, logistic(hn::Mul(x, constant(kSlope))));
  }
  static HWY_INLINE FloatVec slope(FloatVec x) {
    const FloatVec s = logistic(hn::Mul(x, constant(kSlope)));
    return hn::MulAdd(hn::Mul(x, constant(kSlope)), hn::NegMulAdd(s, s, s), s);
  }
};

struct Tanh {
  static HWY_INLINE FloatVec value(FloatVec x) { return hyperbolic_tangent(x); }
  static HWY_INLINE FloatVec slope(FloatVec x) {
    const FloatVec t = hyperbolic_tangent(x);
    return hn::NegMulAdd(t, t, constant(1.0f));
  }
};

template <class Function>
void apply(const float* x, std::int64_t count, bool derivative, float* out) {
  if (derivative) {
    for_each_vector(count,
                    [=](auto load, auto store) HWY_ATTR { store(Function::slope(load(x)), out); });
  } else {
    for_each_vector(count,
                    [=](auto load, auto store) HWY_ATTR { store(Function::value(load(x)), out); });
  }
}

// Calls visit(Function()); false where there is none.
template <class Visit>
bool with_function(Activation function, Visit visit) {
  switch (function) {
    case Activation::kRelu: visit(Relu()); return true;
    case Activation::kGelu: visit(Gelu()); return true;
    case Activation::kGeluTanh: visit(GeluTanh()); return true;
    case Activation::kQuickGelu: visit(Swish<1702>()); return true;
    case Activation::kSilu: visit(Swish<1000>()); return true;
    case Activation::kTanh: visit(Tanh()); return true;
    case Activation::kSigmoid: visit(Sigmoid()); return true;
    default: return false;
  }
}

bool activation_here(Activation function, const float* x, std::int64_t count, bool derivative,
                     float* out) {
  return with_function(function,
                       [=](auto each) { apply<decltype(each)>(x, count, derivative, out); });
}

// What value and slope have in common is computed once.
template <class Function>
void apply_both(float* x, std::int64_t count, float* slope) {
  for_each_vector(count, [=](auto load, auto store) HWY_ATTR {
    const FloatVec at = load(x);
    store(Function::slope(at), slope);
    store(Function::value(at), x);
  });
}

bool both_here(Activation function, float* x, std::int64_t count, float* slope) {
  return with_function(function, [=](auto each) { apply_both<decltype(each)>(x, count, slope); });
}

}  // namespace
}  // namespace ascribo::ops::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ascribo::ops::simd {

HWY_EXPORT(activation_here);
HWY_EXPORT(both_here);

bool activation(Activation function, const float* x, std::int64_t count, bool derivative,
                float* out) {
  return HWY_DYNAMIC_DISPATCH(activation_here)(function, x, count, derivative, out);
}

bool activation_with_slope(Activation function, float* x, std::int64_t count, float* slope) {
  return HWY_DYNAMIC_DISPATCH(both_here)(function, x, count, slope);
}

}  // namespace ascribo::ops::simd
#endif
