// SPDX-License-Identifier: MIT
// Where a path integral on [0, 1] is evaluated, and with what weights.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"

namespace ascribo {

enum class Rule { kGaussLegendre, kRiemannLeft, kRiemannRight, kRiemannMiddle, kTrapezoid };

template <>
struct EnumNames<Rule> {
  static constexpr std::array<std::string_view, 5> kNames = {
      "gauss_legendre", "riemann_left", "riemann_right", "riemann_middle", "trapezoid"};
};

/// The integral of f over [0, 1] is about sum_k weights[k] f(points[k]). Weights sum to 1, points
/// ascend.
struct Quadrature {
  std::vector<double> points, weights;
};

/// A rule with n points. Riemann rules sit at k/n, (k+1)/n and (k+1/2)/n; the trapezoid has both
/// ends, at half the weight, and step 1/(n-1). Errors: kInvalidArgument when n < 1, or n < 2 for
/// the trapezoid.
Quadrature quadrature(Rule rule, std::int64_t n);

}  // namespace ascribo
