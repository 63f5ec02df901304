// SPDX-License-Identifier: MIT
// A comparison in every form: numbers as they are, nothing unescaped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ascribo/base/json.h"
#include "ascribo/render/comparison/comparison_views.h"

namespace ascribo {
namespace {

using testing::HasSubstr;
using testing::Not;

ComparisonCell cell(double mean, double error, bool best) {
  return {200, mean, error, mean - 2 * error, mean + 2 * error, best, {0.9, 0.5, 0.2}};
}

Comparison sample() {
  Comparison comparison{.model = "m<odel>", .data = "dev & test.tsv"};
  comparison.texts = 200;
  comparison.skipped = 3;
  comparison.unit = "word";
  comparison.score = "logit";
  comparison.columns = {{"deletion", "lower", "How \"fast\""}, {"my_metric:a=1", "higher", "Why"}};
  comparison.rows = {
      {"occlusion", "method", {cell(0.25, 0.0123, true), cell(-1, 0.5, true)}, 0.0125, 12.5, 0},
      {"lime", "method", {cell(0.5, 0.0234, false), std::nullopt}, 1.25, 100, 0},
      {"lime", "reversed", {cell(0.75, 0.03, false), std::nullopt}},
      {"", "random", {cell(0.6, 0.03, false), std::nullopt}}};
  comparison.differences = {{0, 0, 1, -0.25, -0.3, -0.2, 0.001, true},
                            {0, 1, 3, -0.1, -0.2, 0.01, 0.2, false}};
  comparison.examples = {{"<b>good</b> & so on",
                          "yes",
                          {"<b>good</b>", "&"},
                          {"occlusion", "lime"},
                          {{1, -0.5}, {0, 0.25}}}};
  return comparison;
}

TEST(ComparisonText, IsATable) {
  const std::string text = comparison_text(sample(), 100);
  EXPECT_THAT(text, HasSubstr("200 texts of dev & test.tsv; 3 left out\n"));
  EXPECT_THAT(text, HasSubstr("deletion -"));
  EXPECT_THAT(text, HasSubstr("my_metric:a=1 +"));
  EXPECT_THAT(text, HasSubstr("0.250 ~0.012 *"));
  EXPECT_THAT(text, HasSubstr("n/a"));
  EXPECT_THAT(text, HasSubstr("lime, reversed"));
  EXPECT_THAT(text, HasSubstr("lime above occlusion by 0.250 (0.200 to 0.300, p 0.0010)"));
  EXPECT_THAT(text, Not(HasSubstr("above random")));
}

TEST(ComparisonText, BreaksWhereThereIsNoRoom) {
  const std::string text = comparison_text(sample(), 40);
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string line = text.substr(begin, end - begin);
    if (line.find("0.250 ~") == std::string::npos) continue;
    EXPECT_LE(line.size(), 40u);
  }
}

TEST(ComparisonCsv, HasAllDigits) {
  const std::string csv = comparison_csv(sample());
  EXPECT_THAT(csv, HasSubstr("occlusion,method,deletion,lower,200,0.25,0.0123"));
  EXPECT_THAT(csv, HasSubstr(",random,deletion,lower,200,0.5999999999999999"));
  EXPECT_THAT(csv, Not(HasSubstr("lime,method,my_metric")));
}

TEST(ComparisonLatex, EscapesAndMarksTheBest) {
  const std::string latex = comparison_latex(sample());
  EXPECT_THAT(latex, HasSubstr("my\\_metric:a=1 $\\uparrow$"));
  EXPECT_THAT(latex, HasSubstr("\\textbf{0.250} $\\pm$ 0.012"));
  EXPECT_THAT(latex, HasSubstr("$-$1.0"));
  EXPECT_THAT(latex, HasSubstr("\\end{tabular}"));
}

TEST(ComparisonJson, CanBeReadBack) {
  const Json json = Json::parse(comparison_json(sample()), "comparison");
  EXPECT_EQ(json.at("schema").string(), "ascribo.comparison/1");
  const Json row = json.at("rows").at(std::size_t{0});
  EXPECT_EQ(row.at("metrics").at(std::size_t{0}).at("mean").number(), 0.25);
  EXPECT_EQ(row.at("cost").at("forwards").number(), 12.5);
  EXPECT_TRUE(json.at("rows").at(std::size_t{3}).at("method").is_null());
  EXPECT_EQ(json.at("differences").at(std::size_t{0}).at("second").string(), "lime");
}

TEST(ComparisonHtml, EscapesEverythingAndNeedsNothing) {
  const std::string html = comparison_html(sample());
  EXPECT_THAT(html, Not(HasSubstr("<b>good")));
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;good&lt;/b&gt;"));
  EXPECT_THAT(html, HasSubstr("dev &amp; test.tsv"));
  EXPECT_THAT(html, HasSubstr("m&lt;odel&gt;"));
  EXPECT_THAT(html, HasSubstr("<polyline"));
  EXPECT_THAT(html, Not(HasSubstr("http://")));
  EXPECT_THAT(html, Not(HasSubstr("https://")));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace ascribo
