// SPDX-License-Identifier: MIT
// What every renderer has to do, and how one is found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <ostream>

#include "ascribo/base/error.h"
#include "ascribo/render/renderer.h"
#include "plain_text.h"
#include "samples.h"

namespace ascribo {

void PrintTo(const Renderer* renderer, std::ostream* out) { *out << renderer->name; }

namespace {

TEST(Renderers, are_found_by_name) {
  for (const char* name : {"csv", "html", "json", "latex", "svg", "terminal"}) {
    EXPECT_EQ(find_renderer(name).name, name);
  }
  try {
    find_renderer("htm");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kUnknownName);
    EXPECT_STREQ(
        error.what(),
        "[render] no renderer is called \"htm\"; there are csv, html, json, latex, svg and "
        "terminal. Hint: did you mean \"html\"?");
  }
}

class Conformance : public testing::TestWithParam<const Renderer*> {};

TEST_P(Conformance, explains_itself) {
  EXPECT_FALSE(GetParam()->name.empty());
  EXPECT_FALSE(GetParam()->summary.empty());
}

TEST_P(Conformance, same_explanation_same_bytes) {
  EXPECT_EQ(render(*GetParam(), samples::five_classes()),
            render(*GetParam(), samples::five_classes()));
}

TEST_P(Conformance, a_document_is_its_parts) {
  const RenderOptions options;
  const Renderer& renderer = *GetParam();
  EXPECT_EQ(
      render(renderer, samples::review(), options),
      renderer.begin(options) + renderer.item(samples::review(), options) + renderer.end(options));
}

TEST_P(Conformance, takes_whatever_an_explanation_can_be) {
  Explanation unseen = samples::explained("a b", {NAN, NAN});
  Explanation zeros = samples::explained("a b", {0.0F, 0.0F});
  Explanation regression = samples::explained("a", {1.0F});
  regression.prediction = {0, "LABEL_0", {}, {3.25F}};
  regression.attributions[0].baseline_value.reset();
  regression.attributions[0].delta.reset();
  regression.attributions[0].special.reset();
  regression.baseline.reset();
  for (Explanation& explanation :
       std::vector<Explanation>{{}, samples::explained("", {}), unseen, zeros, regression}) {
    for (bool sort : {false, true}) {
      explanation.sort = sort;
      EXPECT_FALSE(render(*GetParam(), explanation).empty());
    }
  }
}

TEST_P(Conformance, takes_a_huge_text) {
  std::string text;
  for (int word = 0; word < 20000; ++word) text += "word" + std::to_string(word) + " ";
  Explanation explanation = samples::explained(text, std::vector<float>(20000, 0.25F));
  const std::string output = render(*GetParam(), explanation);
  EXPECT_THAT(output, testing::HasSubstr("word19999"));
}

TEST_P(Conformance, never_writes_a_control_character) {
  for (const std::string& text : samples::hostile_strings()) {
    const std::string output = without_escapes(render(*GetParam(), samples::hostile(text)));
    for (char letter : output) {
      ASSERT_TRUE(static_cast<unsigned char>(letter) >= 0x20 || letter == '\n') << text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Renderer, Conformance, testing::ValuesIn(renderers()),
                         [](const auto& info) { return std::string(info.param->name); });

}  // namespace
}  // namespace ascribo
