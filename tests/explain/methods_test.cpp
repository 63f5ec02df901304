// SPDX-License-Identifier: MIT
// The methods' own options, against closed forms on a linear model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "ascribo/explain/subject.h"
#include "ascribo/models/model.h"
#include "tests/explain/toy_subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kCls = 2, kSep = 3, kPad = 0, kUnk = 1;

Request request_of(const std::string& method, OptionValues options) {
  Request request;
  request.method = method;
  request.targets = {"all"};
  request.options = std::move(options);
  return request;
}

Input text(const std::string& written) {
  Input input;
  input.text = written;
  return input;
}

class LinearMethods : public testing::Test {
 protected:
  test::Toy toy = test::linear_toy();
  const std::string written = "it is not a good film.";

  // What token `id` at `position` adds to a label's logit.
  double worth(std::int64_t id, std::size_t position, const Attribution& attribution) const {
    const std::vector<float> word = toy.model->word_embeddings({id}).to_vector<float>();
    double sum = 0;
    for (std::size_t d = 0; d < word.size(); ++d) {
      sum += static_cast<double>(word[d]) *
             static_cast<double>(toy.model->weight(static_cast<std::int64_t>(position),
                                                   static_cast<std::size_t>(attribution.index), d));
    }
    return sum;
  }

  // The score of every token must be what it is worth less what `other` is worth in its place.
  void expect_differences(
      const std::string& method, OptionValues options,
      const std::function<std::optional<std::int64_t>(const TokenInfo&)>& other) {
    options["unit"] = "all_tokens";
    const Explanation found = toy.subject.explain(text(written), request_of(method, options));
    for (const Attribution& attribution : found.attributions) {
      for (std::size_t i = 0; i < found.tokens.size(); ++i) {
        const auto replaced = other(found.tokens[i]);
        const double expected = worth(found.tokens[i].id, i, attribution) -
                                (replaced ? worth(*replaced, i, attribution) : 0);
        EXPECT_NEAR(attribution.scores[i], expected, 2e-5) << i;
      }
    }
  }
};

TEST_F(LinearMethods, BaselinesKeepSpecialTokensUnlessTold) {
  const auto except_special = [](std::int64_t id) {
    return [id](const TokenInfo& token) {
      return std::optional<std::int64_t>(token.special ? token.id : id);
    };
  };
  const std::int64_t mask = *toy.subject.tokenizer().special_tokens().mask;
  expect_differences("integrated_gradients", {{"baseline", "pad"}}, except_special(kPad));
  expect_differences("integrated_gradients", {{"baseline", "unk"}}, except_special(kUnk));
  expect_differences("integrated_gradients", {{"baseline", "mask"}}, except_special(mask));
  expect_differences("integrated_gradients", {{"baseline", "token:77"}}, except_special(77));
  expect_differences("integrated_gradients", {{"baseline", "pad"}, {"keep_special", "no"}},
                     [](const TokenInfo&) { return std::optional<std::int64_t>(kPad); });
  expect_differences("integrated_gradients", {{"baseline", "zero"}},
                     [](const TokenInfo&) { return std::optional<std::int64_t>(); });
  expect_differences("integrated_gradients", {{"baseline", "zero"}, {"keep_special", "yes"}},
                     [](const TokenInfo& token) {
                       return token.special ? std::optional<std::int64_t>(token.id) : std::nullopt;
                     });
}

TEST_F(LinearMethods, EveryPlaceGivesTheSameOnALinearModel) {
  for (const char* at : {"word_embeddings", "embeddings", "layer:0"}) {
    expect_differences("integrated_gradients", {{"at", at}, {"steps", "1"}},
                       [](const TokenInfo& token) {
                         return std::optional<std::int64_t>(token.special ? token.id : kPad);
                       });
    expect_differences("integrated_gradients", {{"at", at}, {"baseline", "zero"}},
                       [](const TokenInfo&) { return std::optional<std::int64_t>(); });
    expect_differences("input_x_gradient", {{"at", at}},
                       [](const TokenInfo&) { return std::optional<std::int64_t>(); });
  }
}

TEST_F(LinearMethods, TheZeroBaselineHasTheScoreOfTheBiasAlone) {
  const Explanation found = toy.subject.explain(
      text(written), request_of("integrated_gradients", {{"baseline", "zero"}}));
  const std::vector<float> bias = test::linear_parameters(1).bias;
  for (const Attribution& attribution : found.attributions) {
    EXPECT_NEAR(*attribution.baseline_value, bias[static_cast<std::size_t>(attribution.index)],
                1e-6);
    EXPECT_NEAR(*attribution.delta, 0, 1e-5);
  }
}

TEST_F(LinearMethods, OcclusionReplacesAsTold) {
  const std::int64_t mask = *toy.subject.tokenizer().special_tokens().mask;
  const auto always = [](std::optional<std::int64_t> id) {
    return [id](const TokenInfo&) { return id; };
  };
  expect_differences("occlusion", {}, always(mask));
  expect_differences("occlusion", {{"replace", "pad"}}, always(kPad));
  expect_differences("occlusion", {{"replace", "unk"}}, always(kUnk));
  expect_differences("occlusion", {{"replace", "token:77"}}, always(77));
  expect_differences("occlusion", {{"replace", "zero"}}, always({}));
  // The toy does not count what attention must not look at.
  expect_differences("occlusion", {{"replace", "attention"}}, always({}));
}

TEST_F(LinearMethods, DeletingAWordMovesTheRestUp) {
  const Explanation found =
      toy.subject.explain(text("bad."), request_of("occlusion", {{"replace", "delete"}}));
  ASSERT_EQ(found.tokens.size(), 4U);
  for (const Attribution& attribution : found.attributions) {
    const double without_bad =
        worth(kCls, 0, attribution) + worth(9, 1, attribution) + worth(kSep, 2, attribution);
    const double whole = worth(kCls, 0, attribution) + worth(555, 1, attribution) +
                         worth(9, 2, attribution) + worth(kSep, 3, attribution);
    EXPECT_NEAR(attribution.scores[0], whole - without_bad, 2e-5);
  }
}

TEST_F(LinearMethods, AWordIsHiddenWithAllItsTokens) {
  const Explanation words =
      toy.subject.explain(text("a gripping film"), request_of("occlusion", {{"replace", "zero"}}));
  const Explanation tokens =
      toy.subject.explain(text("a gripping film"),
                          request_of("occlusion", {{"replace", "zero"}, {"unit", "all_tokens"}}));
  ASSERT_EQ(words.units[1].text, "gripping");
  for (std::size_t k = 0; k < 3; ++k) {
    double sum = 0;
    for (std::int64_t token : words.units[1].tokens) {
      sum += tokens.attributions[k].scores[static_cast<std::size_t>(token)];
    }
    EXPECT_NEAR(words.attributions[k].scores[1], sum, 2e-5);
  }
}

TEST(Methods, ASingleUnitIsSaid) {
  const test::Toy toy = test::linear_toy();
  EXPECT_THAT(toy.subject.explain(text("bad"), request_of("occlusion", {})).notes,
              ElementsAre("there is only one unit: its score is that of hiding the whole text"));
}

// Between layers nothing is linear; completeness must hold all the same.
TEST(Methods, IntegratedGradientsAreCompleteAtEveryLayer) {
  const Subject subject = Subject::open(test::golden_folder() / "electra-cls");
  for (const char* at : {"embeddings", "layer:0", "layer:1", "layer:2", "layer:3"}) {
    for (const char* baseline : {"pad", "zero"}) {
      const Explanation found =
          subject.explain(text("it is not a good film."),
                          request_of("integrated_gradients",
                                     {{"at", at}, {"baseline", baseline}, {"steps", "300"}}));
      for (const Attribution& attribution : found.attributions) {
        EXPECT_NE(attribution.value, *attribution.baseline_value);
        EXPECT_NEAR(*attribution.delta, 0, 2e-3) << at << " from " << baseline;
      }
    }
  }
}

TEST(Methods, ATokenBaselineHasTheSameScoreWhereverThePathRuns) {
  const Subject subject = Subject::open(test::golden_folder() / "electra-cls");
  const auto baseline_value = [&](const char* at) {
    return *subject
                .explain(text("Bad."),
                         request_of("integrated_gradients", {{"at", at}, {"steps", "1"}}))
                .attributions[0]
                .baseline_value;
  };
  EXPECT_EQ(baseline_value("layer:2"), baseline_value("word_embeddings"));
}

}  // namespace
}  // namespace ascribo
