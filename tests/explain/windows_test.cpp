// SPDX-License-Identifier: MIT
// Long texts: which windows there are, and that their mean is what the parts add up to.
#include "ascribo/explain/inputs/windows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "ascribo/explain/subject.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;

// [CLS] and `text` tokens, [SEP], and if there is a pair `pair` tokens and another [SEP].
Encoding encoding_of(std::size_t text, std::size_t pair = 0) {
  Encoding encoding;
  const auto add = [&](std::optional<int> side, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      encoding.ids.push_back(static_cast<std::int64_t>(encoding.ids.size()));
      encoding.sides.push_back(side);
      encoding.special.push_back(!side);
    }
  };
  add({}, 1);
  add(0, text);
  add({}, 1);
  if (pair > 0) {
    add(1, pair);
    add({}, 1);
  }
  return encoding;
}

std::vector<Window> windows_of(const Encoding& encoding, std::int64_t window,
                               std::optional<std::int64_t> stride = {}) {
  Settings settings;
  settings.window = window;
  settings.stride = stride;
  ModelInfo model;
  model.max_positions = 16;
  return find_windows(encoding, settings, model);
}

TEST(Windows, SlideOverTheTextAndEndWhereItEnds) {
  EXPECT_THAT(
      windows_of(encoding_of(9), 6, 3),
      ElementsAre(Window{0, 1, 2, 3, 4, 10}, Window{0, 4, 5, 6, 7, 10}, Window{0, 6, 7, 8, 9, 10}));
  EXPECT_EQ(windows_of(encoding_of(9), 6).size(), 4U);  // by 2 of 4
  EXPECT_TRUE(windows_of(encoding_of(4), 6).empty());
  EXPECT_EQ(windows_of(encoding_of(5), 6, 4).size(), 2U);
}

TEST(Windows, SlideOverTheLongerSideOfAPair) {
  EXPECT_THAT(windows_of(encoding_of(1, 5), 8, 4),
              ElementsAre(Window{0, 1, 2, 3, 4, 5, 6, 8}, Window{0, 1, 2, 4, 5, 6, 7, 8}));
  EXPECT_THAT(windows_of(encoding_of(4, 1), 7, 3),
              ElementsAre(Window{0, 1, 2, 3, 5, 6, 7}, Window{0, 2, 3, 4, 5, 6, 7}));
}

TEST(Windows, WrongSizesAreRefused) {
  EXPECT_EQ(error_of(Code::kInvalidArgument, [] { windows_of(encoding_of(30), 17); }),
            "[window] 17 tokens were given; expected at most the model's 16 positions.");
  EXPECT_EQ(error_of(Code::kInvalidArgument, [] { windows_of(encoding_of(30), 2); }),
            "[window] 2 tokens were given; expected more than the 2 that stand in every window: "
            "special tokens and the shorter side.");
  EXPECT_EQ(error_of(Code::kInvalidArgument, [] { windows_of(encoding_of(30), 10, 9); }),
            "[stride] 9 tokens were given; expected at most 8, what a window holds of the text: a "
            "longer stride would leave tokens out.");
}

class LongText : public testing::Test {
 protected:
  static Explanation explain(const Input& input, const std::string& method, OptionValues options) {
    options.emplace("unit", "token");
    options.emplace("special", "keep");
    return subject().explain(
        input, {.method = method, .targets = {"positive"}, .options = std::move(options)});
  }
  static const Subject& subject() {
    static const Subject model = Subject::open(test::golden_folder() / "bert-cls");
    return model;
  }
  // 12 tokens with [CLS] 2 and [SEP] 3.
  const Input whole{.input_ids = {2, 25, 413, 478, 107, 150, 7, 508, 197, 183, 673, 3}};
  const Input first{.input_ids = {2, 25, 413, 478, 107, 150, 7, 3}};
  const Input second{.input_ids = {2, 107, 150, 7, 508, 197, 183, 3}};
  const Input third{.input_ids = {2, 150, 7, 508, 197, 183, 673, 3}};
  const OptionValues options{{"window", "8"}, {"stride", "3"}};
};

TEST_F(LongText, ScoresAreTheMeanOfThoseOfTheWindowsExplainedAlone) {
  for (const std::string method : {"integrated_gradients", "occlusion", "input_x_gradient"}) {
    const Explanation found = explain(whole, method, options);
    std::vector<double> expected(12, 0.0);
    double value = 0, delta = 0;
    // Where each window's tokens are in the whole.
    const std::vector<std::pair<Input, std::vector<std::size_t>>> windows = {
        {first, {0, 1, 2, 3, 4, 5, 6, 11}},
        {second, {0, 4, 5, 6, 7, 8, 9, 11}},
        {third, {0, 5, 6, 7, 8, 9, 10, 11}}};
    for (const auto& [window, places] : windows) {
      const Attribution alone = explain(window, method, {}).attributions[0];
      for (std::size_t i = 0; i < 8; ++i) {
        expected[places[i]] += static_cast<double>(alone.scores[i]) / 3;
      }
      value += alone.value / 3;
      delta += alone.delta.value_or(0) / 3;
    }
    const Attribution& stitched = found.attributions[0];
    ASSERT_EQ(stitched.scores.size(), 12U);
    for (std::size_t i = 0; i < 12; ++i) EXPECT_NEAR(stitched.scores[i], expected[i], 1e-6);
    EXPECT_NEAR(stitched.value, value, 1e-9) << method;
    EXPECT_NEAR(stitched.delta.value_or(0), delta, 1e-9) << method;
    EXPECT_EQ(found.method.name, method);
    EXPECT_THAT(found.notes, testing::Contains(HasSubstr("in 3 windows of 8 tokens")));
  }
}

TEST_F(LongText, CompletenessHoldsForTheMean) {
  const Explanation found = explain(whole, "integrated_gradients", options);
  const Attribution& attribution = found.attributions[0];
  const double sum = std::accumulate(attribution.scores.begin(), attribution.scores.end(), 0.0);
  EXPECT_NEAR(sum - (attribution.value - *attribution.baseline_value), *attribution.delta, 1e-6);
  EXPECT_EQ(found.baseline->tokens.size(), 12U);
  EXPECT_THAT(found.baseline->tokens, testing::Each(testing::Not("")));
}

TEST_F(LongText, PointsAreTheMostThatOneWindowTook) {
  OptionValues often = options;
  often["tolerance"] = "1e-4";
  const auto steps = [](const Explanation& found) {
    for (const auto& [name, value] : found.method.options) {
      if (name == "steps") return std::get<std::int64_t>(value);
    }
    return std::int64_t{0};
  };
  std::vector<std::int64_t> alone;
  for (const Input& window : {first, second, third}) {
    alone.push_back(steps(explain(window, "integrated_gradients", {{"tolerance", "1e-4"}})));
  }
  EXPECT_EQ(steps(explain(whole, "integrated_gradients", often)),
            *std::max_element(alone.begin(), alone.end()));
  EXPECT_NE(alone.front(), alone.back());
}

TEST_F(LongText, ShortTextsAreExplainedAsWithoutWindows) {
  const Explanation with = explain(first, "integrated_gradients", options);
  const Explanation without = explain(first, "integrated_gradients", {});
  EXPECT_EQ(with.attributions[0].scores, without.attributions[0].scores);
  EXPECT_EQ(with.notes, without.notes);
}

TEST_F(LongText, TextsBeyondTheModelsPositionsWork) {
  Input text{.text = "funny"};
  for (int i = 0; i < 200; ++i) text.text += " film, never dull";
  EXPECT_THAT(error_of(Code::kTooLong, [&] { explain(text, "saliency", {}); }),
              HasSubstr("or --window N to explain it in overlapping windows"));
  const Explanation found = explain(text, "saliency", {{"window", "80"}});
  EXPECT_EQ(found.attributions[0].scores.size(), found.tokens.size());
  EXPECT_GT(found.tokens.size(), 600U);
}

TEST_F(LongText, OtherHeadsAndContradictionsAreRefused) {
  const Subject words = Subject::open(test::golden_folder() / "gpt2-lm");
  Request request;
  request.options = {{"window", "8"}};
  EXPECT_EQ(
      error_of(Code::kUnsupported, [&] { words.explain(whole, request); }),
      "[window] the model goes on where a text ends; expected a model with labels, answers or "
      "masks. Hint: cut the text yourself, or use --truncate");
  EXPECT_THAT(error_of(Code::kInvalidArgument,
                       [&] {
                         explain(whole, "saliency", {{"window", "8"}, {"truncate", "yes"}});
                       }),
              HasSubstr("both truncate and window were given"));
}

// Heads that answer token by token: a target is answered by the window that shows most around it.
class LongTokens : public LongText {
 protected:
  // `target` asks about the whole what `asked` asks about the second of its windows (tokens 4 to 9
  // between [CLS] and [SEP]).
  void expect_second_window(const std::string& folder, const std::string& target,
                            const std::string& asked) const {
    const Subject subject = Subject::open(test::golden_folder() / folder);
    for (const std::string method : {"integrated_gradients", "occlusion", "kernel_shap"}) {
      Request request{.method = method, .targets = {target}, .options = options};
      request.options["unit"] = "token";
      request.options["special"] = "keep";
      const Explanation found = subject.explain(whole, request);
      request.options.erase("window");
      request.options.erase("stride");
      request.targets = {asked};
      const Attribution alone = subject.explain(second, request).attributions.at(0);
      ASSERT_EQ(found.attributions.size(), 1U);
      const Attribution& stitched = found.attributions[0];
      EXPECT_NEAR(stitched.value, alone.value, 1e-9);
      EXPECT_EQ(stitched.delta.has_value(), alone.delta.has_value());
      EXPECT_NEAR(stitched.delta.value_or(0), alone.delta.value_or(0), 1e-9);
      const std::vector<std::size_t> places = {0, 4, 5, 6, 7, 8, 9, 11};
      for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(stitched.scores[places[i]], alone.scores[i]);
      for (const std::size_t outside : {1, 2, 3, 10}) {
        EXPECT_TRUE(std::isnan(stitched.scores[outside]));
      }
      EXPECT_THAT(found.notes, testing::Contains(HasSubstr("answered for by the window")));
    }
  }
};

TEST_F(LongTokens, LabelsOfTokens) {
  // 6 is in the first window's end and the third's beginning, and in the middle of the second.
  expect_second_window("bert-ner", "token:6=#2", "token:3=#2");
}

TEST_F(LongTokens, Answers) { expect_second_window("bert-qa", "span:5-7", "span:2-4"); }

TEST_F(LongTokens, WordsForAMask) {
  expect_second_window("bert-mlm", "token:6=#40", "token:3=#40");
}

TEST_F(LongTokens, EveryTokenIsPredicted) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-ner");
  Request request{.method = "saliency", .targets = {"all"}, .options = options};
  const Prediction found = subject.explain(whole, request).prediction;
  request.options.clear();
  const Prediction alone = subject.explain(second, request).prediction;
  const auto of = [](const Prediction& prediction, std::int64_t token) {
    const auto each = std::find_if(prediction.tokens.begin(), prediction.tokens.end(),
                                   [&](const TokenPrediction& one) { return one.token == token; });
    return each == prediction.tokens.end() ? std::pair(std::string(), 0.0F)
                                           : std::pair(each->label, each->probability);
  };
  EXPECT_EQ(of(found, 6), of(alone, 3));
  EXPECT_EQ(of(found, 7), of(alone, 4));
}

TEST_F(LongTokens, TargetsThatNoWindowHoldsTogetherAreRefused) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-qa");
  const Request request{.method = "saliency", .targets = {"span:2-9"}, .options = options};
  EXPECT_EQ(error_of(Code::kInvalidArgument, [&] { subject.explain(whole, request); }),
            "[target] no window holds both token 2 and token 9; expected tokens that one window "
            "holds. Hint: a longer --window or a shorter --stride shows more around each token");
}

}  // namespace
}  // namespace ascribo
