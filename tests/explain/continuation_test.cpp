// SPDX-License-Identifier: MIT
// What is asked of a continuation, what is refused, and how its tokens go together.
#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/explain/subject.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

class Continuation : public testing::Test {
 protected:
  Subject subject = Subject::open(test::golden_folder() / "gpt2-lm");
  Input input{.text = "the film was", .continuation = " surprisingly good and funny"};

  Explanation explain(const std::string& method, const std::vector<std::string>& targets,
                      const OptionValues& options = {}) const {
    return subject.explain(input, {.method = method, .targets = targets, .options = options});
  }

  std::string refusal(const Input& given, const Request& request = {.method = "saliency"},
                      Code code = Code::kInvalidArgument) const {
    return test::error_of(code, [&] { subject.explain(given, request); });
  }
};

// The joint log-probability is the sum, and so are scores that are linear in it.
TEST_F(Continuation, TheWholeIsTheSumOfItsTokens) {
  for (const std::string method : {"occlusion", "integrated_gradients", "input_x_gradient"}) {
    OptionValues options{{"attribute", "prompt"}, {"unit", "word"}};
    if (method == "integrated_gradients") options.emplace("steps", "9");
    const Explanation tokens = explain(method, {"predicted"}, options);
    const Explanation whole = explain(method, {"output"}, options);
    ASSERT_EQ(whole.attributions.size(), 1U);
    EXPECT_EQ(whole.units.size(), 3U);  // of the prompt alone
    double value = 0;
    std::vector<double> sums(3, 0.0);
    for (const Attribution& each : tokens.attributions) {
      value += each.value;
      for (std::size_t u = 0; u < 3; ++u) sums[u] += static_cast<double>(each.scores[u]);
    }
    EXPECT_NEAR(whole.attributions[0].value, value, 1e-6);
    for (std::size_t u = 0; u < 3; ++u) {
      EXPECT_NEAR(whole.attributions[0].scores[u], sums[u], 2e-5) << method;
    }
  }
}

TEST_F(Continuation, WordsOfTheOutputAsTargets) {
  const Explanation words = explain("occlusion", {"predicted"}, {{"target_unit", "unit"}});
  ASSERT_EQ(words.attributions.size(), 4U);
  EXPECT_EQ(words.attributions[0].target, " surprisingly");
  const Explanation span = explain("occlusion", {"span:3-6"});
  EXPECT_EQ(span.attributions[0].value, words.attributions[0].value);
  // What stands between the first and the last token of a target counts; what follows does not.
  const std::vector<float>& scores = words.attributions[0].scores;
  EXPECT_FALSE(std::isnan(scores[3]));
  for (std::size_t u = 4; u < scores.size(); ++u) EXPECT_TRUE(std::isnan(scores[u]));
}

TEST_F(Continuation, WhatIsWrittenIsHeldFixedOnRequest) {
  const Explanation held =
      explain("integrated_gradients", {"predicted"}, {{"attribute", "prompt"}, {"steps", "40"}});
  for (const Attribution& each : held.attributions) {
    EXPECT_EQ(each.scores.size(), 3U);
    EXPECT_NEAR(*each.delta, 0, 1e-4);
  }
  EXPECT_EQ(held.units.back().text, " was");
}

TEST_F(Continuation, IdsGiveTheSameAsText) {
  const Explanation text = explain("occlusion", {"predicted"}, {{"unit", "token"}});
  Input ids;
  for (const TokenInfo& token : text.tokens) {
    (token.side == Side::kOutput ? ids.continuation_ids : ids.input_ids).push_back(token.id);
  }
  const Request request{.method = "occlusion", .options = {{"unit", "token"}}};
  const Explanation found = subject.explain(ids, request);
  Input mixed{.text = input.text, .continuation_ids = ids.continuation_ids};
  const Explanation after_text = subject.explain(mixed, request);
  EXPECT_EQ(after_text.output->text, *input.continuation);
  for (std::size_t k = 0; k < text.attributions.size(); ++k) {
    for (std::size_t u = 0; u < text.units.size(); ++u) {
      if (std::isnan(text.attributions[k].scores[u])) continue;
      EXPECT_EQ(found.attributions[k].scores[u], text.attributions[k].scores[u]);
      EXPECT_EQ(after_text.attributions[k].scores[u], text.attributions[k].scores[u]);
      EXPECT_EQ(after_text.units[u].text, text.units[u].text);
    }
  }
}

TEST_F(Continuation, WithoutOneTheNextWordIsExplained) {
  const Explanation found = subject.explain({.text = "the film was"}, {.method = "occlusion"});
  ASSERT_EQ(found.attributions.size(), 1U);
  EXPECT_EQ(found.attributions[0].position, 3);
  EXPECT_EQ(found.prediction.tokens.size(), 5U);
  EXPECT_EQ(found.attributions[0].target, found.prediction.label);
  EXPECT_FALSE(found.output);
}

TEST_F(Continuation, Refusals) {
  Input inside{.text = "the film was ", .continuation = "good"};
  EXPECT_EQ(refusal(inside),
            "[continue] \"good\" begins inside the token \"Ġgood\" of the whole text; expected a "
            "continuation that begins where a token does. Hint: a space between belongs to the "
            "continuation in most models: \" word\" after a prompt without space at its end");
  EXPECT_EQ(refusal({.text = "the film", .continuation = ""}),
            "[continue] the continuation is empty; expected at least one token to explain. Hint: "
            "leave it out to explain what comes next");
  EXPECT_EQ(refusal({.text = "a", .continuation = " b", .continuation_ids = {1}}),
            "[continue] a continuation was given as text and as ids; expected one of them.");
  EXPECT_EQ(refusal({.input_ids = {3}, .continuation = " b"}),
            "[continue] a text was given to continue token ids; expected the continuation's ids.");
  EXPECT_EQ(
      refusal(input, {.method = "saliency", .options = {{"truncate", "yes"}}}, Code::kUnsupported),
      "[truncate] a continuation was given; expected a text that may be cut at its end.");
  EXPECT_EQ(refusal(input, {.method = "saliency", .targets = {"token:0"}}),
            "[target] token 0 was asked about, but the input has 10 tokens; expected 1 to 10: "
            "nothing stands before the first, and one may follow the last.");
  EXPECT_EQ(refusal(input, {.method = "saliency", .targets = {"span:4"}}),
            "[target] \"span:4\" names no tokens; expected span:P-Q, with the numbers of the first "
            "and the last token.");
  EXPECT_EQ(refusal(input, {.method = "saliency", .targets = {"span:4-10"}}),
            "[target] token 10 was asked about, but the input has 10 tokens; expected tokens that "
            "are there.");
  EXPECT_EQ(refusal({.text = "the film"}, {.method = "saliency", .targets = {"output"}}),
            "[target] \"output\" was given without a continuation; expected something written "
            "after the text. Hint: give one with --continue");
  const Subject bert = Subject::open(test::golden_folder() / "bert-cls");
  EXPECT_EQ(
      test::error_of(Code::kUnsupported, [&] { bert.explain(input, {.method = "saliency"}); }),
      "[continue] a continuation was given to BertForSequenceClassification; expected a "
      "causal language model, which writes token by token.");
}

}  // namespace
}  // namespace ascribo
