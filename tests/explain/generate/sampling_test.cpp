// SPDX-License-Identifier: MIT
// Choosing tokens: sets worked out by hand, and draws against their exact probabilities.
#include "ascribo/explain/generate/sampling.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace ascribo {
namespace {

// Of a half, a quarter, an eighth and two sixteenths.
const std::vector<double> kLogits = {std::log(2.0), std::log(8.0), std::log(1.0), std::log(4.0),
                                     std::log(1.0)};

std::vector<double> probabilities(const SamplingRule& rule,
                                  const std::vector<std::int64_t>& before = {}) {
  return choice_probabilities(kLogits, before, rule);
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-12) << i;
}

TEST(Sampling, GreedyTakesTheLikeliestAndOfEqualsTheFirst) {
  expect_near(probabilities({}), {0, 1, 0, 0, 0});
  Rng rng(0);
  EXPECT_EQ(choose_token(kLogits, {}, {}, rng), 1);
  const std::vector<double> equal = {1, 3, 3};
  EXPECT_EQ(choose_token(equal, {}, {}, rng), 1);
}

TEST(Sampling, AllWordsCountUnlessTold) {
  expect_near(probabilities({.sample = true}), {0.125, 0.5, 0.0625, 0.25, 0.0625});
}

// At temperature 1/2 probabilities are squared: 64, 16, 4, 1, 1 of 86.
TEST(Sampling, TemperatureIsAPower) {
  expect_near(probabilities({.sample = true, .temperature = 0.5}),
              {4 / 86.0, 64 / 86.0, 1 / 86.0, 16 / 86.0, 1 / 86.0});
}

TEST(Sampling, TopKKeepsTheLikeliestAndThoseEqualToTheLast) {
  expect_near(probabilities({.sample = true, .top_k = 1}), {0, 1, 0, 0, 0});
  expect_near(probabilities({.sample = true, .top_k = 2}), {0, 2 / 3.0, 0, 1 / 3.0, 0});
  expect_near(probabilities({.sample = true, .top_k = 4}), {0.125, 0.5, 0.0625, 0.25, 0.0625});
  expect_near(probabilities({.sample = true, .top_k = 99}), {0.125, 0.5, 0.0625, 0.25, 0.0625});
}

TEST(Sampling, TopPKeepsTheFewestThatReachIt) {
  expect_near(probabilities({.sample = true, .top_p = 0.01}), {0, 1, 0, 0, 0});
  expect_near(probabilities({.sample = true, .top_p = 0.51}), {0, 2 / 3.0, 0, 1 / 3.0, 0});
  expect_near(probabilities({.sample = true, .top_p = 0.8}), {1 / 7.0, 4 / 7.0, 0, 2 / 7.0, 0});
  // Of two equal words the first stays.
  expect_near(probabilities({.sample = true, .top_p = 0.9}),
              {2 / 15.0, 8 / 15.0, 1 / 15.0, 4 / 15.0, 0});
  expect_near(probabilities({.sample = true, .top_p = 1}), {0.125, 0.5, 0.0625, 0.25, 0.0625});
}

// The order is that of transformers: p counts in what temperature and k have left.
TEST(Sampling, TopPCountsInWhatTopKLeft) {
  expect_near(probabilities({.sample = true, .top_k = 2, .top_p = 0.66}), {0, 1, 0, 0, 0});
  expect_near(probabilities({.sample = true, .temperature = 0.5, .top_k = 3, .top_p = 0.9}),
              {0, 0.8, 0, 0.2, 0});
}

TEST(Sampling, PenaltyDividesPositiveAndMultipliesNegativeLogits) {
  const std::vector<double> logits = {2, -1, 1};
  const std::vector<std::int64_t> before = {0, 1, 0};
  const SamplingRule rule{.sample = true, .repetition_penalty = 2};
  const double sum = std::exp(1) + std::exp(-2) + std::exp(1);
  expect_near(choice_probabilities(logits, before, rule),
              {std::exp(1) / sum, std::exp(-2) / sum, std::exp(1) / sum});
  Rng rng(0);
  const std::vector<double> close = {2, 1.5, 1};
  EXPECT_EQ(choose_token(close, before, {.repetition_penalty = 1.5}, rng), 0);
  EXPECT_EQ(choose_token(close, std::vector<std::int64_t>{0}, {.repetition_penalty = 1.5}, rng), 1);
}

TEST(Sampling, LogProbabilityIsTheModelsOwn) {
  EXPECT_NEAR(log_probability(kLogits, 1), std::log(0.5), 1e-12);
  EXPECT_NEAR(log_probability(kLogits, 4), std::log(0.0625), 1e-12);
  const std::vector<double> large = {1000, 999};
  EXPECT_NEAR(log_probability(large, 1), -std::log(1 + std::exp(1)), 1e-12);
}

// Chi-square of 20,000 draws; with four degrees of freedom it exceeds 23.5 once in 10,000 seeds.
TEST(Sampling, DrawsFollowTheProbabilities) {
  const SamplingRule rules[] = {{.sample = true},
                                {.sample = true, .temperature = 1.7},
                                {.sample = true, .top_k = 3},
                                {.sample = true, .top_p = 0.8}};
  constexpr int kDraws = 20000;
  for (const SamplingRule& rule : rules) {
    std::array<int, 5> counts{};
    for (std::uint64_t step = 0; step < kDraws; ++step) {
      Rng rng(7, {42, step});
      ++counts.at(static_cast<std::size_t>(choose_token(kLogits, {}, rule, rng)));
    }
    const std::vector<double> expected = probabilities(rule);
    double chi_square = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const double mean = expected[i] * kDraws;
      if (mean == 0) {
        EXPECT_EQ(counts[i], 0);
      } else {
        chi_square += (counts[i] - mean) * (counts[i] - mean) / mean;
      }
    }
    EXPECT_LT(chi_square, 23.5);
  }
}

}  // namespace
}  // namespace ascribo
