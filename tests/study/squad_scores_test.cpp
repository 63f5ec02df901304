// SPDX-License-Identifier: MIT
// Scores of answers against those of SQuAD's own evaluation script (version 2, whose code in Python
// gave the words and numbers here).
#include "ascribo/study/squad_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SquadScores, WordsAreBare) {
  EXPECT_THAT(answer_words("The U.S. Army's  base"), ElementsAre("us", "armys", "base"));
  EXPECT_THAT(answer_words("$5,000_b"), ElementsAre("5000b"));
  EXPECT_THAT(answer_words("a the"), IsEmpty());
  EXPECT_THAT(answer_words("theatre a"), ElementsAre("theatre"));
}

TEST(SquadScores, WordsBeyondAscii) {
  EXPECT_THAT(answer_words("Äpfel, und THE Bäume"), ElementsAre("äpfel", "und", "bäume"));
  EXPECT_THAT(answer_words("É\u00a0the\u2003x"), ElementsAre("é", "x"));
  // Articles end at any other character than letters and numbers.
  EXPECT_THAT(answer_words("an a–the–x the"), ElementsAre("–", "–x"));
  EXPECT_THAT(answer_words("le «the» d'an"), ElementsAre("le", "«", "»", "dan"));
  EXPECT_THAT(answer_words("the①"), ElementsAre("the①"));
  EXPECT_THAT(answer_words("a\u0301b the\u0301"), ElementsAre("\u0301b", "\u0301"));
}

void expect_scores(std::string_view given, const std::vector<std::string>& right, double f1,
                   double exact) {
  const SquadScores found = squad_scores(given, right);
  EXPECT_DOUBLE_EQ(found.f1, f1) << given;
  EXPECT_EQ(found.exact, exact) << given;
}

TEST(SquadScores, TheBestOfAllAnswersCounts) {
  expect_scores("the Denver Broncos", {"The Broncos", "Denver Broncos"}, 1, 1);
  expect_scores("Broncos of Denver", {"Denver Broncos", "Broncos!"}, 0.8, 0);
  expect_scores("red red car", {"red car car", "red"}, 2.0 / 3, 0);
  expect_scores("x", {"y"}, 0, 0);
  expect_scores("the", {"a"}, 1, 1);
  expect_scores("the", {"b"}, 0, 0);
}

TEST(SquadScores, TokensStandForStretchesOfTheContext) {
  const AnswerTexts texts{
      "Ä big, red car", {{0, 0}, {0, 1}, {2, 5}, {5, 6}, {7, 10}, {11, 14}}, {"big red", "car"}};
  EXPECT_EQ(squad_scores(texts, 2, 4).exact, 1);
  EXPECT_EQ(squad_scores(texts, 5, 5).exact, 1);
  EXPECT_DOUBLE_EQ(squad_scores(texts, 1, 4).f1, 0.8);
}

}  // namespace
}  // namespace ascribo
