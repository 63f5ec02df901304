// SPDX-License-Identifier: MIT
// Integrated gradients with as many points as a text needs, on the model that ships.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "ascribo/explain/panels.h"
#include "ascribo/explain/subject.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using testing::Contains;
using testing::HasSubstr;

const std::vector<std::string> kTexts = {
    "a gripping, funny film that never loses its nerve.", "Bad.",
    "it's not the ultimate depression-era gangster movie.",
    "the plot is thin, but the leads are a joy to watch and the ending is worse than expected"};

Input text(const std::string& written) {
  Input input;
  input.text = written;
  return input;
}

Explanation explain(const Subject& subject, const std::string& written, OptionValues options,
                    std::vector<std::string> targets = {"all"}) {
  Request request;
  request.targets = std::move(targets);
  request.options = std::move(options);
  request.options.emplace("unit", "all_tokens");
  return subject.explain(text(written), request);
}

std::int64_t steps(const Explanation& found) {
  for (const auto& [name, value] : found.method.options) {
    if (name == "steps") return std::get<std::int64_t>(value);
  }
  return -1;
}

double change(const Attribution& attribution) {
  return std::max(std::abs(attribution.value - *attribution.baseline_value), Panels::kLeastChange);
}

class Adaptive : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    subject_ = std::make_unique<Subject>(Subject::open(default_model()));
  }
  static void TearDownTestSuite() { subject_.reset(); }
  static const Subject& shipped() { return *subject_; }

 private:
  static std::unique_ptr<Subject> subject_;
};

std::unique_ptr<Subject> Adaptive::subject_;

TEST_F(Adaptive, EveryTextAndTargetIsWithinItsTolerance) {
  for (const std::string& written : kTexts) {
    for (const char* tolerance : {"0.05", "0.01", "0.001"}) {
      const Explanation found = explain(shipped(), written, {{"tolerance", tolerance}});
      ASSERT_EQ(found.attributions.size(), 2U);
      for (const Attribution& attribution : found.attributions) {
        EXPECT_LE(std::abs(*attribution.delta), std::stod(tolerance) * change(attribution) + 1e-5);
      }
      EXPECT_GE(steps(found), 13);
      const auto tokens = static_cast<std::int64_t>(found.tokens.size());
      EXPECT_EQ(found.cost.backward_tokens, 2 * tokens * steps(found));
    }
  }
}

// The truth: a rule that has converged.
TEST_F(Adaptive, TokensGetWhatAFineRuleGivesThem) {
  for (const std::string& written : {kTexts[0], kTexts[2]}) {
    const Explanation exact = explain(shipped(), written, {{"steps", "100"}}, {"predicted"});
    const Explanation found = explain(shipped(), written, {{"tolerance", "0.001"}}, {"predicted"});
    const std::vector<float>& expected = exact.attributions[0].scores;
    double largest = 0, worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      largest = std::max(largest, std::abs(static_cast<double>(expected[i])));
      worst = std::max(worst, std::abs(static_cast<double>(expected[i]) -
                                       static_cast<double>(found.attributions[0].scores[i])));
    }
    EXPECT_LT(worst, 0.01 * largest) << written;
    EXPECT_NEAR(*found.attributions[0].baseline_value, *exact.attributions[0].baseline_value, 1e-6);
  }
}

TEST_F(Adaptive, ATextThatIsItsOwnBaselineIsDoneAtOnce) {
  Request request;
  request.options = {{"baseline", "token:2919"}, {"unit", "all_tokens"}};
  Input input;
  input.input_ids = {101, 2919, 2919, 102};
  const Explanation equal = shipped().explain(input, request);
  EXPECT_EQ(steps(equal), 13);
  for (const float score : equal.attributions[0].scores) EXPECT_EQ(score, 0);
  EXPECT_EQ(*equal.attributions[0].delta, 0);
  EXPECT_THAT(equal.notes, Contains("the baseline equals the text; every score is 0"));
}

TEST_F(Adaptive, DimensionsAddUpToTheTokens) {
  const Explanation tokens = explain(shipped(), kTexts[0], {});
  const Explanation values = explain(shipped(), kTexts[0], {{"values", "yes"}});
  EXPECT_EQ(steps(tokens), steps(values));
  for (std::size_t k = 0; k < 2; ++k) {
    const std::vector<float>& all = *values.attributions[k].values;
    const std::size_t width = all.size() / tokens.tokens.size();
    for (std::size_t i = 0; i < tokens.tokens.size(); ++i) {
      double sum = 0;
      for (std::size_t d = 0; d < width; ++d) sum += static_cast<double>(all[i * width + d]);
      EXPECT_NEAR(sum, tokens.attributions[k].scores[i], 1e-5);
    }
  }
}

TEST_F(Adaptive, TextsGetTheSameAloneAndAmongOthersThatBeginLater) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 12; ++i) texts.push_back(kTexts[i % kTexts.size()]);
  std::size_t at = 0;
  std::vector<Explanation> together;
  Request request;
  request.targets = {"all"};
  request.options = {{"unit", "all_tokens"}, {"batch_tokens", "32"}};
  shipped().explain({.next = [&]() -> std::optional<Input> {
                       if (at == texts.size()) return std::nullopt;
                       return text(texts[at++]);
                     },
                     .done = [&](const Explanation& found) { together.push_back(found); }},
                    request);
  ASSERT_EQ(together.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Explanation alone = explain(shipped(), texts[i], {});
    EXPECT_EQ(steps(together[i]), steps(alone));
    for (std::size_t k = 0; k < alone.attributions.size(); ++k) {
      EXPECT_EQ(together[i].attributions[k].scores, alone.attributions[k].scores);
    }
  }
}

TEST_F(Adaptive, HoldsAtEveryPlaceFromEveryBaseline) {
  for (const char* at : {"word_embeddings", "embeddings", "layer:0", "layer:3", "layer:6"}) {
    for (const char* baseline : {"pad", "zero"}) {
      const Explanation found = explain(shipped(), "Bad.", {{"at", at}, {"baseline", baseline}});
      for (const Attribution& attribution : found.attributions) {
        EXPECT_LE(std::abs(*attribution.delta), 0.01 * change(attribution) + 1e-5)
            << at << " from " << baseline;
      }
    }
  }
}

TEST_F(Adaptive, InDoubleAnyToleranceCanBeReached) {
  const Subject subject =
      Subject::open(test::golden_folder() / "bert-cls", {.labels = {}, .compute = Dtype::kF64});
  const Explanation found = explain(subject, "Bad.", {{"tolerance", "1e-8"}});
  for (const Attribution& attribution : found.attributions) {
    EXPECT_LE(std::abs(*attribution.delta), 1e-8 * change(attribution) + 1e-14);
  }
}

TEST_F(Adaptive, SaysSoWhenItRunsOutOfPoints) {
  const Explanation found = explain(shipped(), kTexts[0], {{"tolerance", "1e-12"}});
  EXPECT_EQ(steps(found), static_cast<std::int64_t>(Panels::kMostPoints));
  EXPECT_THAT(found.notes,
              Contains(HasSubstr("tolerance: after 127 points the errors along the path still add "
                                 "up to ")));
}

TEST_F(Adaptive, AContradictionIsRefused) {
  EXPECT_EQ(
      test::error_of(Code::kInvalidArgument,
                     [] {
                       explain(shipped(), "Bad.", {{"tolerance", "0.1"}, {"rule", "trapezoid"}});
                     }),
      "[integrated_gradients] both tolerance and rule were given; expected one of them. "
      "Hint: tolerance lets each text have as many points as it needs; steps and rule fix "
      "them");
}

}  // namespace
}  // namespace ascribo
