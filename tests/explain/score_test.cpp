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

TEST(Score, LinksFollowProblemAndNumberOfLabels) {
  EXPECT_EQ(link_of(Problem::kSingleLabel, 2), Link::kSoftmax);
  EXPECT_EQ(link_of(Problem::kSingleLabel, 1), Link::kSigmoid);
  EXPECT_EQ(link_of(Problem::kMultiLabel, 3), Link::kSigmoid);
  EXPECT_EQ(link_of(Problem::kRegression, 1), Link::kNone);
}

TEST(Score, ValuesFollowTheirDefinitions) {
  const double all = std::exp(0.3) + std::exp(-1.2) + std::exp(2.5);
  const Score logit(ScoreKind::kLogit, Link::kSoftmax);
  EXPECT_EQ(logit.value(kLogits, 1), -1.2);
  EXPECT_DOUBLE_EQ(logit.value(kLogits, 2, 0), 2.2);
  const Score softmax(ScoreKind::kProbability, Link::kSoftmax);
  EXPECT_DOUBLE_EQ(softmax.value(kLogits, 0), std::exp(0.3) / all);
  EXPECT_NEAR(softmax.value(kLogits, 0, 1), (std::exp(0.3) - std::exp(-1.2)) / all, 1e-16);
  const Score log_softmax(ScoreKind::kLogProbability, Link::kSoftmax);
  EXPECT_DOUBLE_EQ(log_softmax.value(kLogits, 0), 0.3 - std::log(all));
  // The normalisation cancels in a difference of log probabilities.
  EXPECT_NEAR(log_softmax.value(kLogits, 2, 1), 3.7, 1e-15);
  const Score sigmoid(ScoreKind::kProbability, Link::kSigmoid);
  EXPECT_DOUBLE_EQ(sigmoid.value(kLogits, 1), 1 / (1 + std::exp(1.2)));
  const Score log_sigmoid(ScoreKind::kLogProbability, Link::kSigmoid);
  EXPECT_DOUBLE_EQ(log_sigmoid.value(kLogits, 2), -std::log1p(std::exp(-2.5)));
}

TEST(Score, LargeLogitsDoNotOverflow) {
  const std::vector<double> large = {1000, -1000};
  EXPECT_EQ(Score(ScoreKind::kProbability, Link::kSoftmax).value(large, 0), 1);
  EXPECT_EQ(Score(ScoreKind::kLogProbability, Link::kSoftmax).value(large, 1), -2000);
  EXPECT_EQ(Score(ScoreKind::kLogProbability, Link::kSigmoid).value(large, 1), -1000);
  EXPECT_EQ(Score(ScoreKind::kProbability, Link::kSigmoid).value(large, 1), 0);
}

TEST(Score, GradientsAgreeWithCentralDifferences) {
  for (Link link : {Link::kSoftmax, Link::kSigmoid}) {
    for (ScoreKind kind :
         {ScoreKind::kLogit, ScoreKind::kProbability, ScoreKind::kLogProbability}) {
      const Score score(kind, link);
      for (std::optional<std::int64_t> versus : {std::optional<std::int64_t>(), {1}}) {
        std::vector<double> gradient(3);
        score.gradient(kLogits, 2, versus, gradient);
        for (std::size_t i = 0; i < 3; ++i) {
          std::vector<double> low = kLogits, high = kLogits;
          low[i] -= 1e-5;
          high[i] += 1e-5;
          EXPECT_NEAR(gradient[i],
                      (score.value(high, 2, versus) - score.value(low, 2, versus)) / 2e-5, 1e-9);
        }
      }
    }
  }
}

TEST(Score, ARegressionHasNoProbability) {
  EXPECT_EQ(Score(ScoreKind::kLogit, Link::kNone).value(kLogits, 0), 0.3);
  EXPECT_EQ(test::error_of(Code::kUnsupported, [] { Score(ScoreKind::kProbability, Link::kNone); }),
            "[score] probability was asked of a regression, which has no probabilities; expected "
            "logit. Hint: use --score logit, the value that the model answers");
}

}  // namespace
}  // namespace ascribo
