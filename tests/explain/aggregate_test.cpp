// SPDX-License-Identifier: MIT
// Reducing dimensions, aggregating tokens, and scaling for display.
#include "ascribo/explain/aggregate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/explain/explanation.h"

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::FloatEq;

TEST(Reduce, FollowsItsName) {
  const std::vector<double> values = {3, -4, 1};
  EXPECT_EQ(reduce(Reduce::kSum, values), 0);
  EXPECT_EQ(reduce(Reduce::kMean, values), 0);
  EXPECT_DOUBLE_EQ(reduce(Reduce::kL2, values), std::sqrt(26.0));
  EXPECT_EQ(reduce(Reduce::kL1, values), 8);
  EXPECT_DOUBLE_EQ(reduce(Reduce::kMeanAbs, values), 8.0 / 3);
  EXPECT_EQ(reduce(Reduce::kMax, values), 3);
  EXPECT_TRUE(is_unsigned(Reduce::kMeanAbs));
  EXPECT_FALSE(is_unsigned(Reduce::kMean));
}

TEST(Aggregate, FollowsItsName) {
  const std::vector<double> scores = {9, 2, -5, 4, 9};
  const std::vector<std::int64_t> tokens = {1, 2, 3};
  EXPECT_EQ(aggregate(Aggregate::kSum, scores, tokens), 1);
  EXPECT_DOUBLE_EQ(aggregate(Aggregate::kMean, scores, tokens), 1.0 / 3);
  EXPECT_EQ(aggregate(Aggregate::kMax, scores, tokens), 4);
  EXPECT_EQ(aggregate(Aggregate::kMin, scores, tokens), -5);
  EXPECT_EQ(aggregate(Aggregate::kSignedMax, scores, tokens), -5);
  EXPECT_EQ(aggregate(Aggregate::kFirst, scores, tokens), 2);
  EXPECT_EQ(aggregate(Aggregate::kLast, scores, tokens), 4);
}

Explanation sample(const std::string& normalize) {
  Explanation explanation;
  Attribution attribution;
  attribution.value = 5;
  attribution.delta = 0.5;
  attribution.scores = {3, -4};
  attribution.special = 10;
  explanation.attributions = {attribution};
  explanation.normalize = normalize;
  return explanation;
}

TEST(Normalized, ScalesScoresAndLeavesRawNumbersAlone) {
  const Explanation l2 = normalized(sample("l2"));
  EXPECT_THAT(l2.attributions[0].scores, ElementsAre(FloatEq(0.6F), FloatEq(-0.8F)));
  EXPECT_EQ(l2.attributions[0].special, 2);
  EXPECT_EQ(l2.attributions[0].value, 5);
  EXPECT_EQ(l2.attributions[0].delta, 0.5);
  EXPECT_THAT(normalized(sample("l1")).attributions[0].scores,
              ElementsAre(FloatEq(3.0F / 7), FloatEq(-4.0F / 7)));
  EXPECT_THAT(normalized(sample("max")).attributions[0].scores, ElementsAre(0.75F, -1));
  EXPECT_THAT(normalized(sample("none")).attributions[0].scores, ElementsAre(3, -4));
}

TEST(Normalized, LeavesZerosAndUnseenUnitsAsTheyAre) {
  Explanation zeros = sample("l2");
  zeros.attributions[0].scores = {0, 0};
  EXPECT_THAT(normalized(zeros).attributions[0].scores, ElementsAre(0, 0));
  Explanation unseen = sample("max");
  unseen.attributions[0].scores = {NAN, -4};
  const std::vector<float> scaled = normalized(unseen).attributions[0].scores;
  EXPECT_TRUE(std::isnan(scaled[0]));
  EXPECT_EQ(scaled[1], -1);
}

}  // namespace
}  // namespace ascribo
