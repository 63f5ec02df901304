// SPDX-License-Identifier: MIT
// Sums, verdicts and names beside the scores.
#include "ascribo/render/evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "samples.h"

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Evidence, adds_up_what_is_a_number) {
  Attribution attribution;
  attribution.value = 3.0;
  attribution.baseline_value = 0.5;
  attribution.scores = {1.5F, NAN, 0.75F};
  attribution.special = 0.25;
  const Evidence sums = evidence(attribution);
  EXPECT_DOUBLE_EQ(sums.sum, 2.25);
  EXPECT_DOUBLE_EQ(sums.total, 2.5);
  EXPECT_DOUBLE_EQ(sums.change.value(), 2.5);
  attribution.baseline_value.reset();
  EXPECT_FALSE(evidence(attribution).change);
}

TEST(Evidence, of_no_scores_is_zero) {
  EXPECT_EQ(strongest({}), 0);
  EXPECT_EQ(strongest({NAN, -2.0F, 1.0F}), 2.0);
  EXPECT_EQ(evidence(Attribution{}).total, 0);
}

std::optional<bool> judged(const std::string& truth, const std::string& predicted,
                           std::int64_t index) {
  Explanation explanation;
  explanation.input.label = truth;
  explanation.prediction = {index, predicted, 0.9F, {}};
  return predicted_right(explanation);
}

TEST(PredictedRight, compares_labels) {
  EXPECT_EQ(judged("positive", "positive", 1), true);
  EXPECT_EQ(judged("Positive", "POSITIVE", 1), true);
  EXPECT_EQ(judged("negative", "positive", 1), false);
}

TEST(PredictedRight, takes_a_number_for_an_index_unless_labels_are_numbers) {
  EXPECT_EQ(judged("1", "positive", 1), true);
  EXPECT_EQ(judged("0", "positive", 1), false);
  EXPECT_EQ(judged("1", "2", 1), false);  // stars "1" to "5" at indices 0 to 4
  EXPECT_EQ(judged("2", "2", 1), true);
  EXPECT_EQ(judged("1.0", "positive", 1), false);
}

TEST(PredictedRight, is_unknown_without_a_label_or_a_class) {
  EXPECT_FALSE(predicted_right(Explanation{}));
  EXPECT_FALSE(judged("", "positive", 1));
  Explanation regression;
  regression.input.label = "3.5";
  regression.prediction.label = "score";
  EXPECT_FALSE(predicted_right(regression));
}

TEST(Names, are_words_for_people) {
  EXPECT_EQ(unit_plural("word"), "words");
  EXPECT_EQ(unit_plural("all_tokens"), "tokens");
  EXPECT_EQ(unit_plural("sentence"), "sentences");
  Explanation pair = samples::sentence_pair();
  EXPECT_EQ(target_name(pair, pair.attributions[0]), "contradiction versus entailment");
  // Of one token: with the text that it stands for, or its own name where it stands for none.
  pair.attributions[0].position = 1;
  pair.input.text = "Caf\u00e9s";
  pair.tokens = {{2, "[CLS]", Side::kText, 0, 0, true}, {9, "##fes", Side::kText, 2, 5, false}};
  EXPECT_EQ(target_name(pair, pair.attributions[0]),
            "contradiction versus entailment at \"f\u00e9s\"");
  pair.attributions[0].position = 0;
  EXPECT_EQ(target_name(pair, pair.attributions[0]),
            "contradiction versus entailment at \"[CLS]\"");
}

TEST(BaselineTokens, tell_runs_once_and_end_in_time) {
  EXPECT_EQ(baseline_tokens({"pad", {"[CLS]", "[PAD]", "[PAD]", "[PAD]", "[SEP]"}}, 80),
            "[CLS] [PAD] × 3 [SEP]");
  EXPECT_EQ(baseline_tokens({"pad", {}}, 80), "");
  EXPECT_EQ(baseline_tokens({"x", {"a", "b", "c", "d", "e", "f"}}, 4), "a b … (6 tokens)");
}

TEST(ByScore, is_descending_with_unseen_units_last) {
  EXPECT_THAT(by_score({0.5F, NAN, -2.0F, 1.0F, 0.5F}), ElementsAre(3, 0, 4, 2, 1));
}

TEST(Displayed, keeps_the_sum_before_scaling_in_a_note) {
  Explanation explanation = samples::explained("good film", {3.0F, 1.0F});
  explanation.normalize = "l1";
  const Explanation shown = displayed(explanation);
  EXPECT_FLOAT_EQ(shown.attributions[0].scores[0], 0.75F);
  EXPECT_EQ(shown.attributions[0].delta, explanation.attributions[0].delta);
  EXPECT_THAT(
      shown.notes,
      ElementsAre("scores are scaled to l1 norm 1; unscaled, those of positive sum to 4.00"));
  explanation.normalize = "none";
  EXPECT_TRUE(displayed(explanation).notes.empty());
}

TEST(ScoreText, has_the_standard_error_where_there_is_one) {
  Explanation explanation;
  Attribution attribution;
  attribution.scores = {0.42F, NAN};
  EXPECT_EQ(score_text(explanation, attribution, 0, 2), "+0.42");
  EXPECT_EQ(score_text(explanation, attribution, 1, 2), "unseen");
  attribution.standard_error = {0.03F, 0.0F};
  EXPECT_EQ(score_text(explanation, attribution, 0, 2), "+0.42 ± 0.03");
  attribution.standard_error = {0.22F, 0.0F};
  EXPECT_EQ(score_text(explanation, attribution, 0, 2), "+0.42 ± 0.22 (may be 0)");
}

TEST(ScoreText, has_no_sign_where_the_method_gives_none) {
  Explanation explanation;
  Attribution attribution;
  attribution.scores = {0.42F};
  explanation.method = {"saliency", {{"reduce", std::string("l2")}}};
  EXPECT_TRUE(scores_are_unsigned(explanation));
  EXPECT_EQ(score_text(explanation, attribution, 0, 2), "0.42");
  explanation.method.options[0].second = std::string("sum");
  EXPECT_FALSE(scores_are_unsigned(explanation));
  EXPECT_FALSE(scores_are_unsigned(Explanation{}));
}

}  // namespace
}  // namespace ascribo
