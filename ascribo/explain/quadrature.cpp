// SPDX-License-Identifier: MIT
// Quadrature rules; Gauss-Legendre nodes by Newton's method on the Legendre polynomial:
//   P_0 = 1, P_1 = x, k P_k = (2k-1) x P_{k-1} - (k-1) P_{k-2},
//   P_n' = n (x P_n - P_{n-1}) / (x^2 - 1),  weight = 2 / ((1 - x^2) P_n'(x)^2),
// from the guess cos(pi (i + 3/4) / (n + 1/2)). (Golub and Welsch 1969 give the nodes too; Newton
// needs no eigenvalue solver and is exact to the last digits for every n in use.)
#include "ascribo/explain/quadrature.h"

#include <cmath>
#include <numbers>
#include <string>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"

namespace ascribo {
namespace {

struct Legendre {
  double value, derivative;
};

Legendre legendre(std::int64_t n, double x) {
  double previous = 1, current = x;
  for (std::int64_t k = 2; k <= n; ++k) {
    const double next =
        (static_cast<double>(2 * k - 1) * x * current - static_cast<double>(k - 1) * previous) /
        static_cast<double>(k);
    previous = current;
    current = next;
  }
  return {current, static_cast<double>(n) * (x * current - previous) / (x * x - 1)};
}

// Nodes come in pairs +-x; each pair is computed once, so that the rule is symmetric to the bit.
Quadrature gauss_legendre(std::int64_t n) {
  Quadrature rule;
  const auto size = static_cast<std::size_t>(n);
  rule.points.resize(size);
  rule.weights.resize(size);
  for (std::int64_t i = 0; i < (n + 1) / 2; ++i) {
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) /
                        (static_cast<double>(n) + 0.5));
    if (2 * i + 1 == n) x = 0;
    for (int iteration = 0; iteration < 20; ++iteration) {
      const Legendre p = legendre(n, x);
      const double step = p.value / p.derivative;
      x -= step;
      if (std::abs(step) < 1e-15) break;
    }
    const double slope = legendre(n, x).derivative;
    const double weight = 1 / ((1 - x * x) * slope * slope);
    const auto low = static_cast<std::size_t>(i), high = size - 1 - low;
    rule.points[low] = (1 - x) / 2;
    rule.points[high] = (1 + x) / 2;
    rule.weights[low] = rule.weights[high] = weight;
  }
  return rule;
}

// n points, the first at `first`, one step apart, all of weight 1/n.
Quadrature riemann(std::int64_t n, double first) {
  Quadrature rule;
  for (std::int64_t k = 0; k < n; ++k) {
    rule.points.push_back((static_cast<double>(k) + first) / static_cast<double>(n));
    rule.weights.push_back(1 / static_cast<double>(n));
  }
  return rule;
}

Quadrature trapezoid(std::int64_t n) {
  Quadrature rule;
  const auto intervals = static_cast<double>(n - 1);
  for (std::int64_t k = 0; k < n; ++k) {
    rule.points.push_back(static_cast<double>(k) / intervals);
    rule.weights.push_back((k == 0 || k == n - 1 ? 0.5 : 1) / intervals);
  }
  return rule;
}

}  // namespace

Quadrature quadrature(Rule rule, std::int64_t n) {
  const std::int64_t least = rule == Rule::kTrapezoid ? 2 : 1;
  if (n < least) {
    fail(Code::kInvalidArgument, "steps",
         std::string(enum_name(rule)) + " with " + std::to_string(n) + " points was asked for",
         "expected at least " + std::to_string(least));
  }
  switch (rule) {
    case Rule::kGaussLegendre: return gauss_legendre(n);
    case Rule::kRiemannLeft: return riemann(n, 0);
    case Rule::kRiemannRight: return riemann(n, 1);
    case Rule::kRiemannMiddle: return riemann(n, 0.5);
    case Rule::kTrapezoid: return trapezoid(n);
  }
  return {};
}

}  // namespace ascribo
