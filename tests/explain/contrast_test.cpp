// SPDX-License-Identifier: MIT
// Two continuations against each other: the difference of what each gets alone.
#include "ascribo/explain/inputs/contrast.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "ascribo/explain/subject.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::HasSubstr;

constexpr const char* kThis = " surprisingly good";
constexpr const char* kThat = " dull and long";

class Contrast : public testing::TestWithParam<std::string> {
 protected:
  static const Subject& subject() {
    static const Subject model = Subject::open(test::golden_folder() / "gpt2-lm");
    return model;
  }
  static Explanation explain(const std::string& method, const std::string& continuation,
                             OptionValues options, const std::string& target = "predicted") {
    Input input{.text = "I did not like the plot"};
    input.continuation = continuation;
    if (method == "integrated_gradients") options["steps"] = "20";
    return subject().explain(
        input, {.method = method, .targets = {target}, .options = std::move(options)});
  }
};

TEST_P(Contrast, IsTheDifferenceOfTwoExplanations) {
  const Explanation found = explain(GetParam(), kThis, {{"versus", kThat}});
  ASSERT_EQ(found.attributions.size(), 1U);
  const Attribution& contrast = found.attributions[0];
  EXPECT_EQ(contrast.target, kThis);
  EXPECT_EQ(contrast.versus, kThat);
  const OptionValues held = {{"attribute", "prompt"}};
  const Attribution written = explain(GetParam(), kThis, held, "output").attributions.at(0);
  const Attribution other = explain(GetParam(), kThat, held, "output").attributions.at(0);
  EXPECT_NEAR(contrast.value, written.value - other.value, 1e-9);
  EXPECT_EQ(contrast.delta.has_value(), written.delta.has_value());
  ASSERT_EQ(contrast.scores.size(), 6U);  // the words of the text alone
  for (std::size_t i = 0; i < contrast.scores.size(); ++i) {
    EXPECT_NEAR(contrast.scores[i], written.scores[i] - other.scores[i], 1e-6) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, Contrast,
                         testing::Values("integrated_gradients", "input_x_gradient", "occlusion",
                                         "exact_shapley", "partition"),
                         [](const auto& info) { return info.param; });

TEST_F(Contrast, IsComplete) {
  const Explanation found = explain("exact_shapley", kThis, {{"versus", kThat}});
  const Attribution& contrast = found.attributions[0];
  const double sum = std::accumulate(contrast.scores.begin(), contrast.scores.end(), 0.0);
  EXPECT_NEAR(sum, contrast.value - *contrast.baseline_value, 1e-5);
}

TEST_F(Contrast, OneTokenIsComparedWithinTheOutput) {
  const Explanation found = explain("occlusion", " good", {{"versus", " funny"}});
  EXPECT_EQ(found.units.back().side, Side::kOutput);
}

TEST_F(Contrast, WhatCannotBeSubtractedIsRefused) {
  EXPECT_THAT(error_of(Code::kUnsupported,
                       [] {
                         explain("saliency", kThis, {{"versus", kThat}});
                       }),
              HasSubstr("[versus] the scores of saliency have no signs, and two continuations are "
                        "compared; expected a method whose scores can be subtracted"));
  EXPECT_THAT(error_of(Code::kUnsupported,
                       [] {
                         explain("lime", kThis, {{"versus", kThat}, {"regularizer", "lasso"}});
                       }),
              HasSubstr("[lime] regularizer is lasso, and two continuations are compared; expected "
                        "ridge or none"));
  EXPECT_THAT(error_of(Code::kInvalidArgument,
                       [] {
                         explain("occlusion", kThis, {{"versus", kThat}}, "token:7");
                       }),
              HasSubstr("is a continuation of several tokens; expected one token"));
}

}  // namespace
}  // namespace ascribo
