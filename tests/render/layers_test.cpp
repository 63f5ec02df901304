// SPDX-License-Identifier: MIT
// Layer tables as they are shown: rows, layers, and the flow to a token.
#include "ascribo/render/layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "ascribo/base/error.h"
#include "ascribo/render/renderer.h"
#include "samples.h"

namespace ascribo {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string picture(const Explanation& explanation, Figure figure, int layer = -1) {
  RenderOptions options;
  options.figure = figure;
  options.layer = layer;
  return render(find_renderer("svg"), explanation, options);
}

TEST(Layers, tables_between_tokens_are_found) {
  Explanation explanation = samples::layered(4);
  explanation.layers->push_back({"recomposition_error", {4}, {0, 0, 0, 0}});
  explanation.layers->push_back({"shares", {1, 5, 5}, std::vector<float>(25, 1.0F)});
  const auto tables = token_tables(explanation);
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0]->name, "contributions");
  EXPECT_EQ(tables[1]->name, "rollout");
  EXPECT_TRUE(token_tables(samples::review()).empty());
}

TEST(Layers, the_row_of_the_scores_is_recognised) {
  Explanation explanation = samples::layered(3);
  EXPECT_EQ(scored_row(explanation), 0U);
  const auto& rollout = (*explanation.layers)[1];
  const float* row = &rollout.data[65];
  explanation.attributions[0].scores = {row[1], row[2], row[3]};
  EXPECT_EQ(scored_row(explanation), 3U);
}

TEST(Layers, grids_hold_the_numbers_of_the_tables) {
  const Explanation explanation = samples::layered(3);
  const auto tables = token_tables(explanation);
  const Grid layers = layer_grid(explanation, *tables[0], 2);
  EXPECT_EQ(layers.rows, (std::vector<std::string>{"layer 2", "layer 1", "layer 0"}));
  EXPECT_EQ(layers.columns, (std::vector<std::string>{"[CLS]", "not", "bad", "really", "[SEP]"}));
  EXPECT_EQ(layers.at(2, 4), tables[0]->data[2 * 5 + 4]);
  const Grid tokens = token_grid(explanation, *tables[1], 1);
  EXPECT_EQ(tokens.at(3, 1), tables[1]->data[25 + 3 * 5 + 1]);
}

TEST(Layers, what_flows_is_kept_and_arrives_as_the_rollout_says) {
  const Explanation explanation = samples::layered(4);
  const auto tables = token_tables(explanation);
  std::map<std::size_t, double> sums;
  std::vector<double> begun(5, 0.0);
  for (const Flow& flow : flows(explanation, *tables[0], 0, 0)) {
    sums[flow.layer] += flow.weight;
    if (flow.layer == 0) begun[flow.from] += flow.weight;
  }
  ASSERT_EQ(sums.size(), 4U);
  for (const auto& [layer, sum] : sums) EXPECT_NEAR(sum, 1, 1e-6) << layer;
  for (std::size_t token = 0; token < 5; ++token) {
    EXPECT_NEAR(begun[token], tables[1]->data[75 + token], 1e-6);
  }
  for (const Flow& flow : flows(explanation, *tables[0], 0, 0.5)) EXPECT_GT(flow.weight, 0.1);
}

TEST(Layers, have_their_pictures) {
  const Explanation explanation = samples::layered(4);
  EXPECT_THAT(picture(explanation, Figure::kFlow), HasSubstr("<path d=\"M"));
  EXPECT_THAT(picture(explanation, Figure::kLayers), HasSubstr(">layer 3</text>"));
  EXPECT_THAT(picture(explanation, Figure::kTokens), HasSubstr(">really</text>"));
  EXPECT_NE(picture(explanation, Figure::kTokens, 0), picture(explanation, Figure::kTokens, 3));
  EXPECT_THAT(picture(explanation, Figure::kAuto), HasSubstr("<path d=\"M"));
  EXPECT_THAT(picture(samples::review(), Figure::kAuto), Not(HasSubstr("<path")));
}

TEST(Layers, that_are_not_there_cannot_be_drawn) {
  const auto error_of = [](const Explanation& explanation, Figure figure, int layer) {
    try {
      picture(explanation, figure, layer);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kInvalidArgument);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(
      error_of(samples::review(), Figure::kFlow, -1),
      "[svg] this figure shows layers, and integrated_gradients has found nothing in them; "
      "expected a method that has tables between tokens, such as alti. Hint: --figure text or "
      "grid shows any explanation");
  EXPECT_EQ(error_of(samples::layered(4), Figure::kTokens, 4),
            "[svg] layer 4 is asked for; there are layers 0 to 3.");
}

TEST(Layers, are_in_the_page_as_a_map_and_as_data) {
  const std::string page = render(find_renderer("html"), samples::layered(4));
  EXPECT_THAT(page, HasSubstr("Through the layers"));
  EXPECT_THAT(page, HasSubstr("<tr><th scope=row>layer 3"));
  EXPECT_THAT(page, HasSubstr("\"name\":\"rollout\",\"layers\":4"));
  EXPECT_THAT(render(find_renderer("html"), samples::review()), Not(HasSubstr("Through the")));
}

}  // namespace
}  // namespace ascribo
