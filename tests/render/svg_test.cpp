// SPDX-License-Identifier: MIT
// Pictures: well-formed, self-contained, all of the text in them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/render/figure/text_width.h"
#include "ascribo/render/renderer.h"
#include "plain_text.h"
#include "samples.h"

namespace ascribo {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string picture(const Explanation& explanation, Figure figure = Figure::kAuto,
                    Palette palette = Palette::kGreenRed) {
  RenderOptions options;
  options.figure = figure;
  options.palette = palette;
  return render(find_renderer("svg"), explanation, options);
}

std::string without_spaces(const std::string& text) {
  std::string rest;
  for (char letter : text) {
    if (letter != ' ' && letter != '\n') rest += letter;
  }
  return rest;
}

/// Tags open and close, attributes are quoted, and no bare & or < is left: XML enough for a viewer.
void expect_well_formed(const std::string& svg) {
  std::vector<std::string> open;
  for (std::size_t at = svg.find('<'); at != std::string::npos; at = svg.find('<', at + 1)) {
    const std::size_t end = svg.find('>', at);
    ASSERT_NE(end, std::string::npos);
    const std::string tag = svg.substr(at + 1, end - at - 1);
    ASSERT_FALSE(tag.empty());
    ASSERT_EQ(tag.find('<'), std::string::npos) << tag;
    const std::string name = tag.substr(0, tag.find_first_of(" /", 1));
    if (tag[0] == '/') {
      ASSERT_FALSE(open.empty());
      EXPECT_EQ("/" + open.back(), name);
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
  }
  EXPECT_TRUE(open.empty());
  for (std::size_t at = svg.find('&'); at != std::string::npos; at = svg.find('&', at + 1)) {
    const std::string entity = svg.substr(at, svg.find(';', at) - at + 1);
    EXPECT_TRUE(entity == "&amp;" || entity == "&lt;" || entity == "&gt;" || entity == "&quot;" ||
                entity == "&#39;")
        << entity;
  }
}

TEST(Svg, is_well_formed_and_asks_for_nothing) {
  std::vector<Explanation> all{samples::review(), samples::sentence_pair(), samples::five_classes(),
                               samples::continuation("the film was", "good and funny")};
  for (const std::string& text : samples::hostile_strings()) all.push_back(samples::hostile(text));
  for (const Explanation& explanation : all) {
    for (const Figure figure : {Figure::kText, Figure::kGrid}) {
      const std::string svg = picture(explanation, figure);
      expect_well_formed(svg);
      EXPECT_THAT(svg, Not(HasSubstr("<script")));
      EXPECT_THAT(svg, Not(HasSubstr("href")));
      EXPECT_THAT(svg, Not(HasSubstr("url(")));
    }
  }
}

TEST(Svg, keeps_every_character) {
  for (const std::string text :
       {"An utterly gripping story , told with wit .", "</text><script>alert(1)</script> & \"'",
        "日本語 のテキスト café"}) {
    Explanation explanation = samples::explained(text, {});
    explanation.attributions[0].scores.assign(explanation.units.size(), 1.0F);
    const std::string svg = picture(explanation);
    const std::string body = svg.substr(svg.find("</title>"));
    EXPECT_THAT(without_spaces(without_tags(body)), HasSubstr(without_spaces(text)));
  }
}

TEST(Svg, colours_words_in_the_palette) {
  const Explanation explanation = samples::explained("good bad so", {2.0F, -2.0F, 0.0F});
  EXPECT_THAT(picture(explanation), HasSubstr("fill=\"#5ccd8a\""));
  EXPECT_THAT(picture(explanation), HasSubstr("fill=\"#ff807c\""));
  EXPECT_THAT(picture(explanation, Figure::kText, Palette::kBlueOrange),
              HasSubstr("fill=\"#70b2fa\""));
}

TEST(Svg, a_continuation_is_a_heat_map) {
  const std::string svg = picture(samples::continuation("the film was", "good and funny"));
  EXPECT_THAT(svg, HasSubstr("rotate(-90"));
  EXPECT_THAT(picture(samples::five_classes()), Not(HasSubstr("rotate(-90")));
  // Cells that a target sees: 3 + 4 + 5.
  std::size_t cells = 0;
  for (std::size_t at = 0; (at = svg.find("#f1f1ee", at)) != std::string::npos; ++at) ++cells;
  EXPECT_EQ(cells, 12U);
}

TEST(Svg, breaks_lines_and_long_words) {
  const std::string text = std::string(400, 'x') + " " + std::string(300, 'y');
  const std::string svg = picture(samples::explained(text, {1.0F, -1.0F}));
  const std::string width = between(svg, "width=\"", "\"");
  EXPECT_LT(std::stod(width), 720);
  EXPECT_GT(std::stod(between(svg, "height=\"", "\"")), 300);
}

TEST(Svg, knows_the_widths_of_letters) {
  EXPECT_DOUBLE_EQ(text_width("il"), 0.444);
  EXPECT_DOUBLE_EQ(text_width("MW "), 0.833 + 0.944 + 0.278);
  EXPECT_DOUBLE_EQ(text_width("日本"), 2.0);
  EXPECT_DOUBLE_EQ(text_width("e\xCC\x81"), 0.556);
}

}  // namespace
}  // namespace ascribo
