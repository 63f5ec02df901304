// SPDX-License-Identifier: MIT
// Weighted sums of targets: how they are read, and that everything is linear in them.
#include "ascribo/explain/heads/target_sum.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/explain/subject.h"
#include "ascribo/explain/target.h"
#include "tests/explain/errors.h"
#include "tests/explain/toy_subject.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;

const Input kText = {.text = "the film is good"};

struct Labels {
  explicit Labels(std::vector<std::string> names) : labels(std::move(names)) {
    info.outputs = static_cast<std::int64_t>(labels.size());
  }
  TargetForm parse(std::string_view text) const {
    return parse_target(text, {info, labels, nullptr});
  }
  std::vector<std::string> labels;
  ModelInfo info;
};
const Labels kLabels({"negative", "neutral", "positive"});

std::vector<std::int64_t> outputs(const TargetForm& sum) {
  std::vector<std::int64_t> found;
  for (const TargetForm& term : sum.terms) found.push_back(term.output.value_or(-1));
  return found;
}

TEST(TargetSum, TermsHaveSignsNumbersAndTargets) {
  const TargetForm sum = kLabels.parse("1*positive-.5*#0 + 2e1 * neutral - 3*predicted");
  EXPECT_EQ(sum.kind, TargetForm::Kind::kSum);
  EXPECT_THAT(outputs(sum), ElementsAre(2, 0, 1, -1));
  EXPECT_THAT(sum.weights, ElementsAre(1, -0.5, 20, -3));
}

TEST(TargetSum, WhatLooksLikeASumMayBeALabel) {
  const Labels odd({"2*x", "B-2", "5-3*"});
  EXPECT_EQ(odd.parse("2*x").output, 0);
  EXPECT_THAT(outputs(odd.parse("2*B-2")), ElementsAre(1));
  EXPECT_THAT(outputs(odd.parse("-1*B-2+1*2*x")), ElementsAre(1, 0));
}

TEST(TargetSum, WhatIsNoSumIsRefused) {
  EXPECT_EQ(error_of(Code::kInvalidArgument, [] { kLabels.parse("1*positive-2*"); }),
            "[target] \"1*positive-2*\": a term has no target; expected W*TARGET+W*TARGET.");
  EXPECT_EQ(error_of(Code::kInvalidArgument, [] { kLabels.parse("1*all"); }),
            "[target] \"1*all\": \"all\" is a term; expected single targets.");
  EXPECT_EQ(error_of(Code::kInvalidArgument, [] { kLabels.parse("1*#3"); }),
            "[target] \"#3\" is not an output of this model; expected #0 to #2.");
  for (const char* text : {"1*postive", "nan*positive", "inf*positive", "1positive", "--1*#0"}) {
    error_of(Code::kUnknownName, [&] { kLabels.parse(text); });
  }
  const Subject tagger = Subject::open(test::golden_folder() / "bert-ner");
  const std::string message = error_of(Code::kInvalidArgument, [&] {
    tagger.explain(kText, {.method = "saliency", .targets = {"1*predicted-1*token:2=#0"}});
  });
  EXPECT_THAT(message, testing::HasSubstr("term 1 is "));
  EXPECT_THAT(message, testing::EndsWith("expected one. Hint: name its token: token:P=..."));
}

// Exactly: a difference is 1*a-1*b, whatever the score.
TEST(TargetSum, OneAndMinusOneAreAContrast) {
  const Subject bert = Subject::open(test::golden_folder() / "bert-cls");
  for (const char* method : {"integrated_gradients", "occlusion", "lime", "gradient_shap"}) {
    for (const char* score : {"logit", "probability", "log_probability"}) {
      const OptionValues options{{"score", score}};
      OptionValues versus = options;
      versus.emplace("versus", "negative");
      const Explanation contrast =
          bert.explain(kText, {.method = method, .targets = {"positive"}, .options = versus});
      const Explanation sum = bert.explain(
          kText, {.method = method, .targets = {"1*positive-1*negative"}, .options = options});
      EXPECT_EQ(sum.attributions[0].value, contrast.attributions[0].value) << method << score;
      EXPECT_EQ(sum.attributions[0].scores, contrast.attributions[0].scores) << method << score;
      EXPECT_EQ(sum.attributions[0].target, "1*positive-1*negative");
      EXPECT_EQ(sum.attributions[0].index, kNoOutput);
    }
  }
}

// The scores of methods that are linear in the score are the weighted sums of the labels' scores.
TEST(TargetSum, ScoresAreTheSumsOfTheLabelsScores) {
  const test::Toy toy = test::linear_toy();
  const std::vector<double> weights = {0.5, -2, 1};
  for (const char* method : {"integrated_gradients", "input_x_gradient", "occlusion",
                             "shapley_sampling", "kernel_shap", "expected_gradients"}) {
    const Explanation labels = toy.subject.explain(kText, {.method = method, .targets = {"all"}});
    const Explanation found =
        toy.subject.explain(kText, {.method = method, .targets = {"0.5*one - 2*two + 1*three"}});
    ASSERT_EQ(found.attributions.size(), 1U);
    for (std::size_t unit = 0; unit < found.units.size(); ++unit) {
      double expected = 0;
      for (std::size_t k = 0; k < weights.size(); ++k) {
        expected += weights[k] * static_cast<double>(labels.attributions[k].scores[unit]);
      }
      EXPECT_NEAR(found.attributions[0].scores[unit], expected, 1e-5) << method;
    }
  }
}

// What a decomposition gives a logit adds up likewise.
TEST(TargetSum, SharesOfLogitsAddUp) {
  const Subject bert = Subject::open(test::golden_folder() / "bert-cls");
  const Explanation labels = bert.explain(kText, {.method = "decompx", .targets = {"#0", "#2"}});
  const Explanation sum = bert.explain(kText, {.method = "decompx", .targets = {"2*#0-1*#2"}});
  for (std::size_t unit = 0; unit < sum.units.size(); ++unit) {
    EXPECT_NEAR(sum.attributions[0].scores[unit],
                2 * labels.attributions[0].scores[unit] - labels.attributions[1].scores[unit],
                1e-5);
  }
}

TEST(TargetSum, TokensOfAllTermsAreAskedAbout) {
  const Subject tagger = Subject::open(test::golden_folder() / "bert-ner");
  const Explanation sum = tagger.explain(
      kText, {.method = "occlusion", .targets = {"1*token:1=#0-1*token:3=#1", "token:3=#1"}});
  const Explanation first =
      tagger.explain(kText, {.method = "occlusion", .targets = {"token:1=#0"}});
  EXPECT_EQ(sum.attributions[0].value, first.attributions[0].value - sum.attributions[1].value);
  const Subject writer = Subject::open(test::golden_folder() / "gpt2-lm");
  const Explanation words =
      writer.explain(kText, {.method = "saliency", .targets = {"1*token:2=#5-1*token:3=#6"}});
  EXPECT_EQ(words.attributions[0].position, 3);  // nothing from there on is seen
  EXPECT_TRUE(std::isnan(words.attributions[0].scores[3]));
  EXPECT_FALSE(std::isnan(words.attributions[0].scores[2]));
}

TEST(TargetSum, MayBeComparedWith) {
  const Subject bert = Subject::open(test::golden_folder() / "bert-cls");
  const auto value = [&](const std::string& target, const OptionValues& options = {}) {
    return bert.explain(kText, {.method = "saliency", .targets = {target}, .options = options})
        .attributions[0]
        .value;
  };
  EXPECT_DOUBLE_EQ(value("#0", {{"versus", "0.5*#1+0.5*#2"}}),
                   value("#0") - 0.5 * value("#1") - 0.5 * value("#2"));
}

TEST(TargetSum, WindowsShareThem) {
  const Subject bert = Subject::open(test::golden_folder() / "bert-cls");
  const Input longer = {.text = "the film is good but it is not a good film at all i think"};
  const OptionValues options{{"window", "8"}, {"stride", "3"}};
  const Explanation labels =
      bert.explain(longer, {.method = "occlusion", .targets = {"#0", "#2"}, .options = options});
  const Explanation sum =
      bert.explain(longer, {.method = "occlusion", .targets = {"3*#0+1*#2"}, .options = options});
  for (std::size_t unit = 0; unit < sum.units.size(); ++unit) {
    EXPECT_NEAR(sum.attributions[0].scores[unit],
                3 * labels.attributions[0].scores[unit] + labels.attributions[1].scores[unit],
                1e-5);
  }
}

}  // namespace
}  // namespace ascribo
