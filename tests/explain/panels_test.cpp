// SPDX-License-Identifier: MIT
// Adaptive quadrature against integrals that are known.
#include "ascribo/explain/panels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace ascribo {
namespace {

// A score along the path and its slope.
struct Curve {
  std::function<double(double)> value, slope;
};

Curve cubic_slope() {
  return {[](double t) { return t - t * t + 2 * t * t * t + t * t * t * t / 4; },
          [](double t) { return 1 - 2 * t + 6 * t * t + t * t * t; }};
}

// Rises from 0 to 1 around `at`, the faster the larger `rate` is.
Curve step(double at, double rate) {
  const auto value = [=](double t) { return 1 / (1 + std::exp(-rate * (t - at))); };
  return {value, [=](double t) { return rate * value(t) * (1 - value(t)); }};
}

// Rises and falls back to where it was: the errors of its panels cancel in the sum.
Curve bump() {
  const double rate = 40;
  return {
      [=](double t) { return std::exp(-rate * (t - 0.5) * (t - 0.5)); },
      [=](double t) { return -2 * rate * (t - 0.5) * std::exp(-rate * (t - 0.5) * (t - 0.5)); }};
}

Panels integrate(const std::vector<Curve>& curves, double tolerance, int* rounds = nullptr,
                 bool rounded = false) {
  Panels panels(curves.size(), tolerance, rounded);
  do {
    for (std::size_t i = panels.evaluated(); i < panels.points().size(); ++i) {
      const double t = panels.points()[i];
      for (std::size_t k = 0; k < curves.size(); ++k) {
        panels.set(i, k, curves[k].value(t), curves[k].slope(t));
      }
    }
    if (rounds != nullptr) ++*rounds;
  } while (panels.refine());
  return panels;
}

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

double integral(const Panels& panels, const std::function<double(double)>& f) {
  const std::vector<double> weights = panels.weights();
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * f(panels.points()[i]);
  return sum;
}

TEST(Panels, ThirteenPointsAreExactForACubicSlope) {
  const Curve curve = cubic_slope();
  const Panels panels = integrate({curve}, 1e-9);
  EXPECT_EQ(panels.points().size(), 13U);
  EXPECT_TRUE(panels.within_bounds());
  EXPECT_LT(panels.error(0), 1e-14);
  EXPECT_NEAR(integral(panels, curve.slope), curve.value(1) - curve.value(0), 1e-13);
  // Whatever is cubic, not only the slope that was seen.
  EXPECT_NEAR(integral(panels, [](double t) { return t * t * t; }), 0.25, 1e-14);
}

TEST(Panels, PointsAreDistinctAndWeightsAddUp) {
  for (double at : {0.03, 0.4, 0.97}) {
    const Panels panels = integrate({step(at, 60)}, 1e-4);
    EXPECT_NEAR(sum(panels.weights()), 1, 1e-13);
    EXPECT_EQ(panels.points()[0], 0);
    EXPECT_EQ(panels.points()[1], 1);
    std::vector<double> sorted = panels.points();
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(std::adjacent_find(sorted.begin(), sorted.end()), sorted.end());
    EXPECT_EQ(sorted.front(), 0);
    EXPECT_EQ(sorted.back(), 1);
  }
}

TEST(Panels, TheErrorIsWithinTheBoundAndTrue) {
  for (double rate : {1.0, 10.0, 40.0, 100.0}) {
    for (double at : {0.0, 0.1, 0.33, 0.5, 0.8, 1.0}) {
      for (double tolerance : {0.1, 0.01, 1e-3}) {
        const Curve curve = step(at, rate);
        const Panels panels = integrate({curve}, tolerance);
        ASSERT_TRUE(panels.within_bounds()) << rate << " at " << at;
        EXPECT_LE(panels.error(0), tolerance);
        const double change = curve.value(1) - curve.value(0);
        EXPECT_LE(std::abs(integral(panels, curve.slope) - change),
                  panels.error(0) * std::max(change, Panels::kLeastChange) + 1e-12);
      }
    }
  }
}

TEST(Panels, PointsGatherWhereTheScoreChanges) {
  const Panels panels = integrate({step(0.9, 100)}, 0.01);
  const auto late = std::count_if(panels.points().begin(), panels.points().end(),
                                  [](double t) { return t >= 0.75; });
  EXPECT_GT(late, static_cast<std::ptrdiff_t>(panels.points().size()) / 2);
}

// By symmetry the sum of errors is 0 from the start; the sum of their magnitudes is not.
TEST(Panels, ErrorsThatCancelAreSeen) {
  const Panels panels = integrate({bump()}, 0.01);
  EXPECT_TRUE(panels.within_bounds());
  EXPECT_GT(panels.points().size(), 21U);
  EXPECT_LE(panels.error(0), 0.01);
}

TEST(Panels, EveryScoreIsWithinItsBound) {
  const std::vector<Curve> curves = {step(0.2, 50), cubic_slope(), step(0.8, 50)};
  const Panels panels = integrate(curves, 0.01);
  EXPECT_TRUE(panels.within_bounds());
  for (std::size_t k = 0; k < curves.size(); ++k) EXPECT_LE(panels.error(k), 0.01);
  EXPECT_GE(panels.points().size(), integrate({curves[0]}, 0.01).points().size());
}

TEST(Panels, AScoreThatDoesNotChangeIsDoneAtOnce) {
  const Curve flat{[](double) { return 2.0; }, [](double) { return 0.0; }};
  int rounds = 0;
  const Panels panels = integrate({flat}, 1e-6, &rounds);
  EXPECT_EQ(rounds, 1);
  EXPECT_TRUE(panels.within_bounds());
  EXPECT_EQ(panels.error(0), 0);
}

TEST(Panels, NeverMoreThanTheMostPoints) {
  const Curve wild{[](double t) { return std::sin(900 * t) / 900; },
                   [](double t) { return std::cos(900 * t); }};
  const Panels panels = integrate({wild}, 1e-6);
  EXPECT_FALSE(panels.within_bounds());
  EXPECT_LE(panels.points().size(), Panels::kMostPoints);
  EXPECT_GT(panels.points().size(), Panels::kMostPoints - 2);
  EXPECT_GT(panels.error(0), 1e-6);
}

TEST(Panels, WhatIsNotANumberEndsIt) {
  const Curve broken{[](double t) { return t; }, [](double) { return NAN; }};
  int rounds = 0;
  const Panels panels = integrate({broken}, 0.01, &rounds);
  EXPECT_EQ(rounds, 1);
  EXPECT_FALSE(panels.within_bounds());
}

// Scores that are only known to 1 in 512 never come within a ten-thousandth.
TEST(Panels, DoNotChaseRounding) {
  const auto coarse = [](std::function<double(double)> f) {
    return [f = std::move(f)](double t) { return std::round(f(t) * 512) / 512; };
  };
  const Curve smooth = step(0.4, 6);
  const Curve curve{coarse(smooth.value), coarse(smooth.slope)};
  const Panels chasing = integrate({curve}, 1e-4);
  EXPECT_EQ(chasing.points().size(), Panels::kMostPoints);
  const Panels resting = integrate({curve}, 1e-4, nullptr, true);
  EXPECT_LT(resting.points().size(), 40u);
  EXPECT_FALSE(resting.within_bounds());
  EXPECT_NEAR(integral(resting, curve.slope), curve.value(1) - curve.value(0), 0.01);
}

TEST(Panels, RoundedOrNotAskForTheSamePointsOfASmoothScore) {
  EXPECT_EQ(integrate({step(0.4, 12)}, 0.01, nullptr, true).points(),
            integrate({step(0.4, 12)}, 0.01).points());
}

}  // namespace
}  // namespace ascribo
