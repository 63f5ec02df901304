// SPDX-License-Identifier: MIT
// Targets of one's own: functions of logits, whose gradient is known, with every kind of method.
#include "ascribo/explain/heads/logit_function.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "ascribo/explain/inputs/look.h"
#include "ascribo/explain/subject.h"
#include "ascribo/explain/target.h"
#include "tests/explain/errors.h"
#include "tests/explain/toy_subject.h"

namespace ascribo {
namespace {

using test::error_of;

const Input kText = {.text = "the film is good"};

using Function = decltype(LogitFunction::evaluate);

Request request_for(const Function& function, const std::string& method,
                    const OptionValues& options = {}, const std::string& of = "predicted") {
  LogitFunction made{.name = "own", .of = of, .evaluate = function};
  return {.method = method,
          .targets = {},
          .options = options,
          .functions = {std::make_shared<const LogitFunction>(made)}};
}

/// log p of one output.
Function log_probability(std::size_t output) {
  return [output](std::span<const double> logits, std::span<double> gradient) {
    double top = -INFINITY, sum = 0;
    for (const double logit : logits) top = std::max(top, logit);
    for (const double logit : logits) sum += std::exp(logit - top);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      gradient[i] = (i == output ? 1 : 0) - std::exp(logits[i] - top) / sum;
    }
    return logits[output] - top - std::log(sum);
  };
}

void expect_same(const Explanation& a, const Explanation& b, const std::string& what) {
  ASSERT_EQ(a.attributions.size(), b.attributions.size()) << what;
  for (std::size_t k = 0; k < a.attributions.size(); ++k) {
    EXPECT_NEAR(a.attributions[k].value, b.attributions[k].value, 1e-9) << what;
    EXPECT_EQ(a.attributions[k].position, b.attributions[k].position) << what;
    ASSERT_EQ(a.attributions[k].scores.size(), b.attributions[k].scores.size()) << what;
    for (std::size_t unit = 0; unit < a.units.size(); ++unit) {
      const float x = a.attributions[k].scores[unit], y = b.attributions[k].scores[unit];
      if (std::isnan(x) && std::isnan(y)) continue;
      EXPECT_NEAR(x, y, 1e-5) << what;
    }
  }
}

TEST(LogitFunction, ALogProbabilityOfOnesOwnGivesItsScores) {
  const Subject bert = Subject::open(test::golden_folder() / "bert-cls");
  for (const char* method : {"integrated_gradients", "saliency", "occlusion", "lime", "kernel_shap",
                             "smooth_grad", "gradient_shap", "partition", "attention_x_gradient"}) {
    const Explanation known = bert.explain(
        kText,
        {.method = method, .targets = {"positive"}, .options = {{"score", "log_probability"}}});
    const Explanation found = bert.explain(kText, request_for(log_probability(2), method));
    expect_same(found, known, method);
    EXPECT_EQ(found.attributions[0].target, "own");
    EXPECT_EQ(found.attributions[0].index, kNoOutput);
  }
}

TEST(LogitFunction, AnswersOfTokensHaveTheirOwn) {
  const struct {
    const char *model, *of, *target;
  } kCases[] = {{"bert-ner", "token:2", "token:2=#2"},
                {"bert-mlm", "token:2", "token:2=#2"},
                {"gpt2-lm", "token:2", "token:2=#2"}};
  for (const auto& each : kCases) {
    const Subject subject = Subject::open(test::golden_folder() / each.model);
    for (const char* method : {"input_x_gradient", "occlusion"}) {
      const Explanation known = subject.explain(
          kText,
          {.method = method, .targets = {each.target}, .options = {{"score", "log_probability"}}});
      const Explanation found =
          subject.explain(kText, request_for(log_probability(2), method, {}, each.of));
      expect_same(found, known, each.model);
    }
  }
}

TEST(LogitFunction, AQuestionsAnswerIsAllOfIts) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-qa");
  const Input question{.text = "what is good", .pair = "the film is good"};
  const auto third_start = [](std::span<const double> logits, std::span<double> gradient) {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    if (!gradient.empty()) gradient[6] = 1;
    return logits[6];
  };
  const Explanation known =
      subject.explain(question, {.method = "input_x_gradient", .targets = {"start:3"}});
  Explanation found = subject.explain(question, request_for(third_start, "input_x_gradient"));
  found.attributions[0].position = known.attributions[0].position;
  expect_same(found, known, "start:3");
}

TEST(LogitFunction, IntegratedGradientsOfAnyAreComplete) {
  const test::Toy toy = test::linear_toy();
  const auto squares = [](std::span<const double> logits, std::span<double> gradient) {
    double sum = 0;
    for (const double logit : logits) sum += logit * logit;
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = 2 * logits[i];
    return sum;
  };
  const Explanation found =
      toy.subject.explain(kText, request_for(squares, "integrated_gradients", {{"steps", "9"}}));
  EXPECT_NEAR(*found.attributions[0].delta, 0, 1e-5);
}

TEST(LogitFunction, MethodsThatHideThingsNeedNoGradient) {
  const Subject bert = Subject::open(test::golden_folder() / "bert-cls");
  const auto value_only = [](std::span<const double> logits, std::span<double> gradient) {
    if (!gradient.empty()) throw std::logic_error("a gradient was asked for");
    return logits[0];
  };
  const Explanation known = bert.explain(kText, {.method = "occlusion", .targets = {"#0"}});
  expect_same(bert.explain(kText, request_for(value_only, "occlusion")), known, "occlusion");
  EXPECT_THROW(bert.explain(kText, request_for(value_only, "saliency")), std::logic_error);
}

TEST(LogitFunction, AnInputMayHaveItsOwn) {
  const test::Toy toy = test::linear_toy();
  Input input = kText;
  input.functions = request_for(log_probability(0), "").functions;
  input.targets = {"two"};
  const Explanation found = toy.subject.explain(input, {.method = "saliency"});
  ASSERT_EQ(found.attributions.size(), 2U);
  EXPECT_EQ(found.attributions[0].target, "two");
  EXPECT_EQ(found.attributions[1].target, "own");
}

TEST(LogitFunction, ScoreIsSaidNotToApply) {
  const Subject bert = Subject::open(test::golden_folder() / "bert-cls");
  const Explanation found =
      bert.explain(kText, request_for(log_probability(0), "saliency", {{"score", "probability"}}));
  EXPECT_THAT(
      found.notes,
      testing::Contains("target \"own\" is a function of logits, to which score does not apply"));
}

TEST(LogitFunction, GradientsAtTapsAreTheirs) {
  const Subject bert = Subject::open(test::golden_folder() / "bert-cls");
  const auto gradients = [&](const Request& request) {
    return look(bert, kText, {{Tap::kHidden, 1}}, request)[0].gradients.to_vector<float>();
  };
  const auto found = gradients(request_for(log_probability(1), "saliency"));
  const auto known = gradients(
      {.method = "saliency", .targets = {"#1"}, .options = {{"score", "log_probability"}}});
  ASSERT_EQ(found.size(), known.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], known[i], 1e-5);
}

TEST(LogitFunction, WhatDoesNotFitIsRefused) {
  const Subject bert = Subject::open(test::golden_folder() / "bert-cls");
  const auto refusal = [&](Code code, const Request& request) {
    return error_of(code, [&] { bert.explain(kText, request); });
  };
  EXPECT_EQ(
      refusal(Code::kUnsupported, request_for(log_probability(0), "saliency", {{"versus", "#1"}})),
      "[versus] target \"own\" is a function of logits, and versus is given; expected a "
      "function that is the difference.");
  EXPECT_EQ(refusal(Code::kUnsupported, request_for(log_probability(0), "decompx")),
            "[target] \"own\" is a function of logits, and the method is decompx; expected outputs "
            "and weighted sums of them.");
  EXPECT_EQ(
      refusal(Code::kInvalidArgument, request_for(log_probability(0), "saliency", {}, "1*#0-1*#1")),
      "[target] \"own\" is a function of \"1*#0-1*#1\"; expected a target that is no sum.");
  const auto broken = [](std::span<const double>, std::span<double>) { return std::nan(""); };
  EXPECT_EQ(refusal(Code::kInvalidArgument, request_for(broken, "occlusion")),
            "[target] \"own\" gave a value or a gradient that is not finite; expected finite "
            "numbers.");
}

}  // namespace
}  // namespace ascribo
