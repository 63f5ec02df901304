// SPDX-License-Identifier: MIT
// The generator against Random123's published answers, and its distributions against theory.
#include "ascribo/base/rng.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace ascribo {
namespace {

using Words = std::array<std::uint32_t, 4>;

TEST(Philox, AnswersOfRandom123) {  // its kat_vectors, philox4x32 with 10 rounds
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Rng, WithoutAStreamItIsPlainPhilox) {
  Rng rng(0);
  EXPECT_EQ(rng.bits(), 0x6627e8d5U);
  EXPECT_EQ(rng.bits(), 0xe169c58dU);
  EXPECT_EQ(rng.bits(), 0xbc57ac4cU);
  EXPECT_EQ(rng.bits(), 0x9b00dbd8U);
  EXPECT_EQ(rng.bits(), philox({1, 0, 0, 0}, {0, 0})[0]);
}

TEST(Rng, TheSameStreamRepeats) {
  Rng a(7, {1, 2}), b(7, {1, 2});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.normal(), b.normal());
}

TEST(Rng, DifferentStreamsDiffer) {
  std::set<std::uint32_t> seen;
  const auto first = [](Rng rng) { return rng.bits(); };
  seen.insert({first(Rng(1)), first(Rng(2)), first(Rng(1, {0})), first(Rng(1, {0, 0})),
               first(Rng(1, {1})), first(Rng(1, {2})), first(Rng(1, {1, 2})), first(Rng(1, {2, 1})),
               first(Rng(1, {std::uint64_t{1} << 32})), first(Rng(std::uint64_t{1} << 32))});
  EXPECT_EQ(seen.size(), 10U);
}

TEST(Rng, UniformsFillTheirRange) {
  Rng rng(3);
  constexpr int kDraws = 200000;
  double sum = 0, squares = 0, least = 1, most = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = i % 2 == 0 ? rng.uniform() : static_cast<double>(rng.uniform_float());
    sum += x;
    squares += x * x;
    least = std::min(least, x);
    most = std::max(most, x);
  }
  EXPECT_GE(least, 0.0);
  EXPECT_LT(most, 1.0);
  const double mean = sum / kDraws;
  // Five standard errors.
  EXPECT_NEAR(mean, 0.5, 5 * std::sqrt(1.0 / 12 / kDraws));
  EXPECT_NEAR(squares / kDraws - mean * mean, 1.0 / 12, 5 * std::sqrt(1.0 / 180 / kDraws));
}

TEST(Rng, NormalsHaveTheirMoments) {
  Rng rng(4);
  constexpr int kDraws = 200000;
  double first = 0, second = 0, fourth = 0, beyond = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = rng.normal();
    first += x;
    second += x * x;
    fourth += x * x * x * x;
    beyond += std::abs(x) > 1.959963984540054 ? 1 : 0;
  }
  EXPECT_NEAR(first / kDraws, 0, 5 * std::sqrt(1.0 / kDraws));
  EXPECT_NEAR(second / kDraws, 1, 5 * std::sqrt(2.0 / kDraws));
  EXPECT_NEAR(fourth / kDraws, 3, 5 * std::sqrt(96.0 / kDraws));
  EXPECT_NEAR(beyond / kDraws, 0.05, 5 * std::sqrt(0.05 * 0.95 / kDraws));
}

TEST(Rng, BelowIsEven) {
  Rng rng(5);
  constexpr int kDraws = 60000;
  std::vector<int> counts(6);
  for (int i = 0; i < kDraws; ++i) ++counts[rng.below(6)];
  for (const int count : counts) EXPECT_NEAR(count, kDraws / 6.0, 5 * std::sqrt(kDraws * 5.0 / 36));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(rng.below(1), 0U);
  const std::uint64_t large = (std::uint64_t{1} << 63) + 1;
  for (int i = 0; i < 100; ++i) EXPECT_LT(rng.below(large), large);
}

}  // namespace
}  // namespace ascribo
