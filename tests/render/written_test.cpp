// SPDX-License-Identifier: MIT
// Targets that are parts of an output: which tokens they are, what they are called.
#include "ascribo/render/written.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/render/evidence.h"
#include "ascribo/render/grid.h"
#include "samples.h"

namespace ascribo {
namespace {

TEST(Written, tokens_are_found_and_call_themselves) {
  const Explanation explanation = samples::continuation("the film was", "good and funny");
  EXPECT_TRUE(explains_output(explanation));
  const Attribution& last = explanation.attributions[2];
  const auto written = written_target(explanation, last);
  ASSERT_TRUE(written);
  EXPECT_EQ(written->first, 5U);
  EXPECT_EQ(written->last, 5U);
  EXPECT_EQ(target_name(explanation, last), "funny");
  EXPECT_FLOAT_EQ(static_cast<float>(*written_probability(explanation, *written)),
                  explanation.prediction.tokens[2].probability);
}

TEST(Written, several_tokens_are_likely_together) {
  Explanation explanation = samples::continuation("the film was", "good and funny");
  Attribution& attribution = explanation.attributions[2];
  attribution.target = "good and funny";
  const auto written = written_target(explanation, attribution);
  ASSERT_TRUE(written);
  EXPECT_EQ(written->first, 3U);
  EXPECT_EQ(written->last, 5U);
  const auto& told = explanation.prediction.tokens;
  EXPECT_FLOAT_EQ(static_cast<float>(*written_probability(explanation, *written)),
                  told[0].probability * told[1].probability * told[2].probability);
}

TEST(Written, a_word_that_was_not_written_is_asked_about_at_a_place) {
  Explanation explanation = samples::continuation("the film was", "good and funny");
  Attribution& attribution = explanation.attributions[2];
  attribution.target = "sad";
  attribution.index = 7;
  EXPECT_FALSE(written_target(explanation, attribution));
  EXPECT_FALSE(explains_output(explanation));
  EXPECT_EQ(target_name(explanation, attribution), "sad at \"funny\"");
}

TEST(Written, classes_and_answers_are_not) {
  EXPECT_FALSE(explains_output(samples::five_classes()));
  EXPECT_FALSE(explains_output(samples::review()));
  Explanation beside = samples::continuation("a", "b c");
  beside.attributions[1].position = 99;
  EXPECT_FALSE(written_target(beside, beside.attributions[1]));
}

TEST(Written, tokens_without_text_are_known_by_their_ids) {
  Explanation explanation = samples::continuation("a", "b c");
  explanation.attributions[0].target = "2001";
  EXPECT_TRUE(written_target(explanation, explanation.attributions[0]));
}

TEST(Grid, has_a_row_for_each_target_and_a_column_for_each_unit) {
  const Grid grid = target_grid(samples::continuation("the film was", "good and funny"));
  EXPECT_EQ(grid.rows, (std::vector<std::string>{"good", "and", "funny"}));
  EXPECT_EQ(grid.columns, (std::vector<std::string>{"the", "film", "was", "good", "and", "funny"}));
  EXPECT_EQ(grid.divider, 3U);
  EXPECT_TRUE(std::isnan(grid.at(0, 3)));
  EXPECT_FALSE(std::isnan(grid.at(1, 3)));
}

}  // namespace
}  // namespace ascribo
