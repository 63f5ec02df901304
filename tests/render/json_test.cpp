// SPDX-License-Identifier: MIT
// JSON lines: exactly the schema of docs/design/explanation.md.
#include "ascribo/base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "ascribo/render/renderer.h"
#include "plain_text.h"
#include "samples.h"
#include "tests/folders.h"

namespace ascribo {
namespace {

std::string line(const Explanation& explanation) {
  return render(find_renderer("json"), explanation);
}

Json parsed(const Explanation& explanation) { return Json::parse(line(explanation), "output"); }

/// The explanation that the page in docs shows.
Explanation documented() {
  Explanation e;
  e.model = {"models/sst2-minilm", "BertForSequenceClassification", "..."};
  e.input.text = "a gripping film";
  e.prediction = {1, "positive", 0.998F, {-3.1F, 3.2F}};
  e.tokens = {{13940, "gripping", Side::kText, 2, 10, false}};
  e.method = {
      "integrated_gradients",
      {{"tolerance", 0.01}, {"steps", std::int64_t{17}}, {"at", std::string("word_embeddings")}}};
  e.baseline = BaselineSummary{"pad", {"[CLS]", "[PAD]", "[SEP]"}};
  e.score = "logit";
  e.unit = "word";
  e.units = {{"gripping", Side::kText, 2, 10, {2}}};
  Attribution attribution;
  attribution.target = "positive";
  attribution.index = 1;
  attribution.value = 3.2;
  attribution.baseline_value = 0.1;
  attribution.delta = 0.0001;
  attribution.scores = {3.0F};
  attribution.special = 0.1;
  e.attributions = {attribution};
  e.cost = {0.02, 1600, 1600};
  return e;
}

TEST(JsonRenderer, writes_what_the_design_shows) {
  std::ifstream file(test::source_folder() / "docs/design/explanation.md");
  std::stringstream page;
  page << file.rdbuf();
  const std::string example = between(page.str(), "```json\n", "```");
  ASSERT_FALSE(example.empty());
  EXPECT_EQ(parsed(documented()).dump(), Json::parse(example, "design").dump());
}

TEST(JsonRenderer, writes_one_line) {
  Explanation explanation = samples::hostile("two\nlines\r\n and \xE2\x80\xA8 a third");
  const std::string text = line(explanation);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

TEST(JsonRenderer, keeps_every_character) {
  for (const std::string& text : samples::hostile_strings()) {
    const Json json = parsed(samples::hostile(text));
    EXPECT_EQ(json.at("input").at("text").string(), text);
    EXPECT_EQ(json.at("input").at("pair").string(), text);
    EXPECT_EQ(json.at("notes").at(0).string(), text);
  }
}

TEST(JsonRenderer, writes_null_for_what_is_not_there) {
  Explanation explanation;
  explanation.attributions.resize(1);
  const std::string text = line(explanation);
  EXPECT_THAT(text, testing::HasSubstr("\"pair\":null,\"id\":null,\"label\":null"));
  EXPECT_THAT(text, testing::HasSubstr("\"probability\":null,\"logits\":[]"));
  EXPECT_THAT(text, testing::HasSubstr("\"output\":null"));
  EXPECT_THAT(text, testing::HasSubstr("\"baseline\":null"));
  EXPECT_THAT(text, testing::HasSubstr("\"position\":null,\"versus\":null"));
  EXPECT_THAT(text, testing::HasSubstr("\"baseline_value\":null,\"delta\":null,\"scores\":[],"
                                       "\"special\":null,\"standard_error\":null}"));
  EXPECT_THAT(text, testing::HasSubstr("\"layers\":null"));
  EXPECT_EQ(text.find("\"values\""), std::string::npos);
}

TEST(JsonRenderer, writes_null_for_scores_that_are_none) {
  Explanation explanation = samples::explained("a b", {1.0F, NAN});
  EXPECT_THAT(line(explanation), testing::HasSubstr("\"scores\":[1.0,null]"));
}

TEST(JsonRenderer, writes_floats_that_read_back_the_same) {
  const std::vector<float> scores{0.1F, 1e-38F, 3.4028235e38F, -1.0F / 3, 16777217.0F};
  const Json json = parsed(samples::explained("a b c d e", scores));
  const Json written = json.at("attributions").at(0).at("scores");
  for (std::size_t unit = 0; unit < scores.size(); ++unit) {
    EXPECT_EQ(static_cast<float>(written.at(unit).number()), scores[unit]) << unit;
  }
  EXPECT_THAT(line(samples::explained("a", {0.1F})), testing::HasSubstr("\"scores\":[0.1]"));
}

TEST(JsonRenderer, writes_values_per_dimension_with_their_shape) {
  Explanation explanation = samples::explained("a", {1.0F});
  explanation.attributions[0].values = {1, 2, 3, 4, 5, 6};
  EXPECT_THAT(
      line(explanation),
      testing::HasSubstr("\"values\":{\"shape\":[3,2],\"data\":[1.0,2.0,3.0,4.0,5.0,6.0]}"));
}

TEST(JsonRenderer, writes_layer_tables_or_where_they_are) {
  Explanation explanation = samples::explained("a", {1.0F});
  explanation.layers = {{"contributions", {1, 2}, {0.25F, 0.75F}},
                        {"rollout", {1, 2}, {}, "r.layers.npz", "0/rollout"}};
  EXPECT_THAT(line(explanation),
              testing::HasSubstr("\"layers\":[{\"name\":\"contributions\",\"shape\":[1,2],"
                                 "\"data\":[0.25,0.75]},{\"name\":\"rollout\",\"shape\":[1,2],"
                                 "\"data\":null,\"file\":\"r.layers.npz\","
                                 "\"entry\":\"0/rollout\"}]"));
}

TEST(JsonRenderer, keeps_option_types_and_order) {
  Explanation explanation = samples::review();
  explanation.method.options = {
      {"z", true}, {"a", 0.5}, {"m", std::int64_t{3}}, {"b", std::string("text")}};
  EXPECT_THAT(line(explanation),
              testing::HasSubstr("\"options\":{\"z\":true,\"a\":0.5,\"m\":3,\"b\":\"text\"}"));
}

TEST(JsonRenderer, names_sides) {
  const Json json = parsed(samples::sentence_pair());
  EXPECT_EQ(json.at("units").at(0).at("side").string(), "text");
  EXPECT_EQ(json.at("units").at(8).at("side").string(), "pair");
}

TEST(JsonRenderer, keeps_the_largest_seed) {
  Explanation explanation = samples::review();
  explanation.seed = std::numeric_limits<std::uint64_t>::max();
  EXPECT_THAT(line(explanation), testing::HasSubstr("\"seed\":18446744073709551615"));
}

}  // namespace
}  // namespace ascribo
