// SPDX-License-Identifier: MIT
// The names that users give to units, in every output.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ascribo/base/json.h"
#include "ascribo/render/renderer.h"
#include "plain_text.h"
#include "samples.h"

namespace ascribo {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Two spans of four words, and scores of which what is in no span received 0.5.
Explanation spans(const std::string& name) {
  Explanation explanation = samples::explained("good bad", {2.0F, -1.0F});
  explanation.unit = "span";
  explanation.units[0].name = name;
  explanation.units[1].name = "second";
  explanation.attributions[0].special = 0.5;
  return explanation;
}

std::string shown(const Explanation& explanation, ColorDepth color) {
  RenderOptions options;
  options.color = color;
  return without_escapes(render(find_renderer("terminal"), explanation, options));
}

TEST(SpanNames, AreInTheJsonOfUnitsThatHaveThem) {
  const std::string line = render(find_renderer("json"), spans("a \"b\""));
  const Json units = Json::parse(line, "output").at("units");
  EXPECT_EQ(units.at(0).at("name").string(), "a \"b\"");
  EXPECT_EQ(units.at(1).at("name").string(), "second");
  const std::string words = render(find_renderer("json"), samples::review());
  EXPECT_FALSE(Json::parse(words, "output").at("units").at(0).find("name"));
}

TEST(SpanNames, AreBesideTheColoursOfATerminal) {
  const std::string text = shown(spans("first"), ColorDepth::k24Bit);
  EXPECT_THAT(text, HasSubstr("  good bad\n"));
  EXPECT_THAT(text, HasSubstr("spans       first: +2.00, second: -1.00\n"));
  EXPECT_THAT(text, HasSubstr(", in no span 0.5"));
  EXPECT_THAT(text, Not(HasSubstr("special tokens")));
  EXPECT_THAT(shown(spans("first"), ColorDepth::kNone),
              HasSubstr("good(first: +2.00) bad(second: -1.00)"));
  Explanation sorted = spans("first");
  sorted.sort = true;
  EXPECT_THAT(shown(sorted, ColorDepth::k24Bit), HasSubstr("+2.00  first: good\n"));
}

TEST(SpanNames, AreWhatAPageShowsUnderThePointer) {
  const std::string page = render(find_renderer("html"), spans("first"));
  EXPECT_THAT(page, HasSubstr("data-name=\"first\" title=\"first: +2.00\">good</mark>"));
  EXPECT_THAT(page, HasSubstr("title=\"second: \u22121.00\">bad</mark>"));
  EXPECT_THAT(page, HasSubstr("In no span"));
}

TEST(SpanNames, LeaveNeitherThePageNorTheTerminal) {
  for (const std::string& name : samples::hostile_strings()) {
    if (name.empty()) continue;
    const std::string page = find_renderer("html").item(spans(name), {});
    EXPECT_THAT(page, Not(HasSubstr("<script>alert"))) << name;
    EXPECT_THAT(page, Not(HasSubstr("data-name=\"\""))) << name;
    for (const ColorDepth color : {ColorDepth::kNone, ColorDepth::k24Bit}) {
      RenderOptions options;
      options.color = color;
      const std::string text = render(find_renderer("terminal"), spans(name), options);
      EXPECT_THAT(without_escapes(text), Not(HasSubstr("\x1b"))) << name;
    }
  }
}

}  // namespace
}  // namespace ascribo
