// SPDX-License-Identifier: MIT
// Scores of answers against numbers worked out by hand (and scikit-learn's and scipy's).
#include "ascribo/study/answer_scores.h"

#include <gtest/gtest.h>

#include "ascribo/metrics/parts/agreement.h"

namespace ascribo {
namespace {

const std::vector<std::int64_t> kRight{1, 0, 1, 1, 0, 1}, kGiven{1, 1, 1, 0, 0, 1};

TEST(AnswerScores, OfTwoLabels) {
  // 3 hits of label 1, one missed, one false, one right 0.
  EXPECT_DOUBLE_EQ(accuracy(kRight, kGiven), 4.0 / 6);
  EXPECT_DOUBLE_EQ(f1(kRight, kGiven, 2), 2 * 3.0 / 8);
  EXPECT_DOUBLE_EQ(matthews(kRight, kGiven, 2), (3.0 * 1 - 1.0 * 1) / 8.0);
}

TEST(AnswerScores, OfThreeLabels) {
  const std::vector<std::int64_t> right{0, 1, 2, 2, 1}, given{0, 2, 2, 1, 1};
  EXPECT_DOUBLE_EQ(accuracy(right, given), 3.0 / 5);
  EXPECT_DOUBLE_EQ(f1(right, given, 3), (1.0 + 0.5 + 0.5) / 3);
  // (5 * 3 - 9) / sqrt((25 - 9) (25 - 9))
  EXPECT_DOUBLE_EQ(matthews(right, given, 3), 6.0 / 16);
}

TEST(AnswerScores, OfOneAnswerForAllAreZero) {
  const std::vector<std::int64_t> same(6, 0);
  EXPECT_EQ(f1(kRight, same, 2), 0);
  EXPECT_EQ(matthews(kRight, same, 2), 0);
  const std::vector<double> numbers{1, 2, 3}, constant{2, 2, 2};
  EXPECT_EQ(pearson(numbers, constant), 0);
}

TEST(AnswerScores, OfNumbers) {
  const std::vector<double> right{1, 2, 3, 4}, given{1, 4, 9, 16}, falling{8, 4, 2, 1};
  EXPECT_NEAR(pearson(right, given), 0.9843740386976972, 1e-15);
  EXPECT_DOUBLE_EQ(spearman(right, given), 1);
  EXPECT_DOUBLE_EQ(spearman(right, falling), -1);
  // Equals share their rank: 0, 1.5, 1.5, 3 against 0, 1, 2, 3.
  const std::vector<double> ties{1, 2, 2, 3};
  EXPECT_NEAR(spearman(right, ties), 0.9486832980505138, 1e-15);
}

// Of two entities one is found whole, of the other a part.
TEST(AnswerScores, OfEntities) {
  const std::vector<std::string> names{"O", "B-PER", "I-PER", "B-LOC", "I-LOC"};
  EXPECT_TRUE(marks_entities(names));
  EXPECT_FALSE(marks_entities({"NOUN", "VERB"}));
  const std::vector<std::int64_t> right{1, 2, 0, 3, 4, 0}, given{1, 2, 0, 3, 0, 0};
  const std::vector<std::size_t> ends{6};
  EXPECT_DOUBLE_EQ(entity_f1(right, given, ends, names), 2 * 1.0 / 4);
  // I- begins an entity after O, after another kind, and at the beginning of a text.
  const std::vector<std::int64_t> loose{2, 2, 4, 2};
  EXPECT_DOUBLE_EQ(entity_f1(loose, loose, std::vector<std::size_t>{4}, names), 1);
  const std::vector<std::int64_t> strict{1, 2, 3, 1};
  EXPECT_DOUBLE_EQ(entity_f1(strict, loose, std::vector<std::size_t>{4}, names), 1);
  // Where a text ends, an entity does.
  const std::vector<std::int64_t> apart{1, 0, 3, 1};
  const std::vector<std::size_t> one{4}, two{1, 4};
  EXPECT_DOUBLE_EQ(entity_f1(strict, apart, one, names), 2 * 2.0 / 6);
  EXPECT_DOUBLE_EQ(entity_f1(strict, apart, two, names), 2 * 3.0 / 7);
  const std::vector<std::int64_t> none(6, 0);
  EXPECT_EQ(entity_f1(right, none, ends, names), 0);
}

}  // namespace
}  // namespace ascribo
