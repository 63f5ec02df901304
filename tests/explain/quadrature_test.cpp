// SPDX-License-Identifier: MIT
// Quadrature rules against what they integrate exactly.
#include "ascribo/explain/quadrature.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

using testing::TestWithParam;
using testing::Values;

double integral(const Quadrature& rule, double (*f)(double, int), int argument) {
  double sum = 0;
  for (std::size_t k = 0; k < rule.points.size(); ++k) {
    sum += rule.weights[k] * f(rule.points[k], argument);
  }
  return sum;
}

double power(double x, int n) { return std::pow(x, n); }

class EveryRule : public TestWithParam<Rule> {};

TEST_P(EveryRule, WeightsSumToOneAndPointsAscendWithinTheInterval) {
  for (std::int64_t n : {2, 3, 7, 50, 301}) {
    const Quadrature rule = quadrature(GetParam(), n);
    ASSERT_EQ(rule.points.size(), static_cast<std::size_t>(n));
    EXPECT_NEAR(std::accumulate(rule.weights.begin(), rule.weights.end(), 0.0), 1, 1e-13);
    EXPECT_TRUE(std::is_sorted(rule.points.begin(), rule.points.end()));
    EXPECT_GE(rule.points.front(), 0);
    EXPECT_LE(rule.points.back(), 1);
  }
}

TEST_P(EveryRule, ConvergesToTheIntegralOfAnExponential) {
  const Quadrature rule = quadrature(GetParam(), 2000);
  EXPECT_NEAR(integral(
                  rule, [](double x, int) { return std::exp(x); }, 0),
              std::exp(1.0) - 1, 1e-3);
}

INSTANTIATE_TEST_SUITE_P(Rules, EveryRule,
                         Values(Rule::kGaussLegendre, Rule::kRiemannLeft, Rule::kRiemannRight,
                                Rule::kRiemannMiddle, Rule::kTrapezoid));

TEST(Quadrature, GaussLegendreIsExactForPolynomialsUpToDegreeTwoNMinusOne) {
  for (int n : {1, 2, 3, 7, 20, 50, 128}) {
    const Quadrature rule = quadrature(Rule::kGaussLegendre, n);
    for (int degree = 0; degree < 2 * n; ++degree) {
      EXPECT_NEAR(integral(rule, power, degree), 1.0 / (degree + 1), 4e-15) << n << " " << degree;
    }
  }
}

TEST(Quadrature, GaussLegendreNodesOfThreePoints) {
  const Quadrature rule = quadrature(Rule::kGaussLegendre, 3);
  const double x = std::sqrt(3.0 / 5.0);
  EXPECT_DOUBLE_EQ(rule.points[0], (1 - x) / 2);
  EXPECT_DOUBLE_EQ(rule.points[1], 0.5);
  EXPECT_DOUBLE_EQ(rule.points[2], (1 + x) / 2);
  EXPECT_DOUBLE_EQ(rule.weights[0], 5.0 / 18.0);
  EXPECT_DOUBLE_EQ(rule.weights[1], 8.0 / 18.0);
}

TEST(Quadrature, RiemannRulesSitWhereTheyShould) {
  EXPECT_EQ(quadrature(Rule::kRiemannLeft, 4).points, (std::vector<double>{0, 0.25, 0.5, 0.75}));
  EXPECT_EQ(quadrature(Rule::kRiemannRight, 4).points, (std::vector<double>{0.25, 0.5, 0.75, 1}));
  EXPECT_EQ(quadrature(Rule::kRiemannMiddle, 2).points, (std::vector<double>{0.25, 0.75}));
}

TEST(Quadrature, TheTrapezoidHalvesItsEndsAndIsExactForLines) {
  const Quadrature rule = quadrature(Rule::kTrapezoid, 5);
  EXPECT_EQ(rule.points, (std::vector<double>{0, 0.25, 0.5, 0.75, 1}));
  EXPECT_EQ(rule.weights, (std::vector<double>{0.125, 0.25, 0.25, 0.25, 0.125}));
  EXPECT_DOUBLE_EQ(integral(rule, power, 1), 0.5);
  // The error for x^2 is h^2 / 6 exactly.
  EXPECT_NEAR(integral(rule, power, 2), 1.0 / 3 + 1.0 / 16 / 6, 1e-15);
}

TEST(Quadrature, TooFewPointsAreRefused) {
  try {
    quadrature(Rule::kTrapezoid, 1);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidArgument);
    EXPECT_STREQ(error.what(),
                 "[steps] trapezoid with 1 points was asked for; expected at least 2.");
  }
}

}  // namespace
}  // namespace ascribo
