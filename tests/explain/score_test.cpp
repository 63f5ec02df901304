// SPDX-License-Identifier: MIT
// Scores against closed forms, their gradients against central differences.
#include "ascribo/explain/score.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/explain/errors.h"

namespace ascribo {
namespace {

const std::vector<double> kLogits = {0.3, -1.2, 2.5};

/// One of three logits that share a softmax, and perhaps another to compare it with.
Readout one(std::int64_t index, std::optional<std::int64_t> versus = {}) {
  const auto cell = [](std::int64_t at) { return Cell{.index = at, .count = 3}; };
  Readout readout{.plus = {cell(index)}};
  if (versus) readout.minus = {cell(*versus)};
  return readout;
}
Readout pair_of(std::int64_t index) { return {.plus = {Cell{.index = index, .count = 2}}}; }

TEST(Score, LinksFollowProblemAndNumberOfLabels) {
  EXPECT_EQ(link_of(Problem::kSingleLabel, 2), Link::kSoftmax);
  EXPECT_EQ(link_of(Problem::kSingleLabel, 1), Link::kSigmoid);
  EXPECT_EQ(link_of(Problem::kMultiLabel, 3), Link::kSigmoid);
  EXPECT_EQ(link_of(Problem::kRegression, 1), Link::kNone);
}

TEST(Score, ValuesFollowTheirDefinitions) {
  const double all = std::exp(0.3) + std::exp(-1.2) + std::exp(2.5);
  const Score logit(ScoreKind::kLogit, Link::kSoftmax);
  EXPECT_EQ(logit.value(kLogits, one(1)), -1.2);
  EXPECT_DOUBLE_EQ(logit.value(kLogits, one(2, 0)), 2.2);
  const Score softmax(ScoreKind::kProbability, Link::kSoftmax);
  EXPECT_DOUBLE_EQ(softmax.value(kLogits, one(0)), std::exp(0.3) / all);
  EXPECT_NEAR(softmax.value(kLogits, one(0, 1)), (std::exp(0.3) - std::exp(-1.2)) / all, 1e-16);
  const Score log_softmax(ScoreKind::kLogProbability, Link::kSoftmax);
  EXPECT_DOUBLE_EQ(log_softmax.value(kLogits, one(0)), 0.3 - std::log(all));
  // The normalisation cancels in a difference of log probabilities.
  EXPECT_NEAR(log_softmax.value(kLogits, one(2, 1)), 3.7, 1e-15);
  const Score sigmoid(ScoreKind::kProbability, Link::kSigmoid);
  EXPECT_DOUBLE_EQ(sigmoid.value(kLogits, one(1)), 1 / (1 + std::exp(1.2)));
  const Score log_sigmoid(ScoreKind::kLogProbability, Link::kSigmoid);
  EXPECT_DOUBLE_EQ(log_sigmoid.value(kLogits, one(2)), -std::log1p(std::exp(-2.5)));
}

TEST(Score, LargeLogitsDoNotOverflow) {
  const std::vector<double> large = {1000, -1000};
  EXPECT_EQ(Score(ScoreKind::kProbability, Link::kSoftmax).value(large, pair_of(0)), 1);
  EXPECT_EQ(Score(ScoreKind::kLogProbability, Link::kSoftmax).value(large, pair_of(1)), -2000);
  EXPECT_EQ(Score(ScoreKind::kLogProbability, Link::kSigmoid).value(large, pair_of(1)), -1000);
  EXPECT_EQ(Score(ScoreKind::kProbability, Link::kSigmoid).value(large, pair_of(1)), 0);
}

TEST(Score, GradientsAgreeWithCentralDifferences) {
  for (Link link : {Link::kSoftmax, Link::kSigmoid}) {
    for (ScoreKind kind :
         {ScoreKind::kLogit, ScoreKind::kProbability, ScoreKind::kLogProbability}) {
      const Score score(kind, link);
      for (std::optional<std::int64_t> versus : {std::optional<std::int64_t>(), {1}}) {
        std::vector<double> gradient(3);
        score.gradient(kLogits, one(2, versus), gradient);
        for (std::size_t i = 0; i < 3; ++i) {
          std::vector<double> low = kLogits, high = kLogits;
          low[i] -= 1e-5;
          high[i] += 1e-5;
          EXPECT_NEAR(gradient[i],
                      (score.value(high, one(2, versus)) - score.value(low, one(2, versus))) / 2e-5,
                      1e-9);
        }
      }
    }
  }
}

// An answer's start and end: four tokens with two logits each, all starts in one softmax and all
// ends in another.
TEST(Score, SpansAddLogarithmsAndMultiplyProbabilities) {
  const std::vector<double> logits = {0.1, 0.7, 1.4, -0.3, -2.0, 0.9, 0.4, 1.1};
  const auto cell = [](std::int64_t token, std::int64_t output) {
    return Cell{.index = 2 * token + output, .first = output, .stride = 2, .count = 4};
  };
  const Readout span{.plus = {cell(1, 0), cell(2, 1)}};
  const double starts = std::exp(0.1) + std::exp(1.4) + std::exp(-2.0) + std::exp(0.4);
  const double ends = std::exp(0.7) + std::exp(-0.3) + std::exp(0.9) + std::exp(1.1);
  const double joint = std::exp(1.4) / starts * std::exp(0.9) / ends;
  EXPECT_DOUBLE_EQ(Score(ScoreKind::kLogit, Link::kSoftmax).value(logits, span), 1.4 + 0.9);
  const Score probability(ScoreKind::kProbability, Link::kSoftmax);
  EXPECT_NEAR(probability.value(logits, span), joint, 1e-15);
  const Score logarithm(ScoreKind::kLogProbability, Link::kSoftmax);
  EXPECT_NEAR(logarithm.value(logits, span), std::log(joint), 1e-14);
  for (const Score& score : {probability, logarithm}) {
    std::vector<double> gradient(8);
    score.gradient(logits, span, gradient);
    for (std::size_t i = 0; i < 8; ++i) {
      std::vector<double> low = logits, high = logits;
      low[i] -= 1e-5;
      high[i] += 1e-5;
      EXPECT_NEAR(gradient[i], (score.value(high, span) - score.value(low, span)) / 2e-5, 1e-9);
    }
  }
}

TEST(Score, CosineSimilarityAndItsGradient) {
  const Score score(ScoreKind::kLogit, Link::kCosine);
  const auto other = std::make_shared<const std::vector<double>>(std::vector<double>{1, 2, -2});
  const Readout readout{.direction = other};
  EXPECT_DOUBLE_EQ(score.value(std::vector<double>{2, 4, -4}, readout), 1);
  EXPECT_DOUBLE_EQ(score.value(std::vector<double>{2, 0, 1}, readout), 0);
  EXPECT_EQ(score.value(std::vector<double>{0, 0, 0}, readout), 0);
  std::vector<double> gradient(3);
  score.gradient(kLogits, readout, gradient);
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<double> low = kLogits, high = kLogits;
    low[i] -= 1e-5;
    high[i] += 1e-5;
    EXPECT_NEAR(gradient[i], (score.value(high, readout) - score.value(low, readout)) / 2e-5, 1e-9);
  }
  EXPECT_EQ(
      test::error_of(Code::kUnsupported, [] { Score(ScoreKind::kProbability, Link::kCosine); }),
      "[score] probability was asked of a model without head, which has no probabilities; expected "
      "logit. Hint: use --score logit: the similarity to the other text");
}

TEST(Score, ARegressionHasNoProbability) {
  EXPECT_EQ(Score(ScoreKind::kLogit, Link::kNone).value(kLogits, one(0)), 0.3);
  EXPECT_EQ(test::error_of(Code::kUnsupported, [] { Score(ScoreKind::kProbability, Link::kNone); }),
            "[score] probability was asked of a regression, which has no probabilities; expected "
            "logit. Hint: use --score logit, the value that the model answers");
}

}  // namespace
}  // namespace ascribo
