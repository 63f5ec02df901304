// SPDX-License-Identifier: MIT
// Perturbation methods against answers that are known otherwise.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/perturb/least_squares.h"
#include "ascribo/explain/perturb/spread_points.h"
#include "ascribo/explain/subject.h"
#include "ascribo/text/tokenizer.h"
#include "tests/explain/errors.h"
#include "tests/explain/toy_subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using testing::HasSubstr;

Input text(const std::string& written) {
  Input input;
  input.text = written;
  return input;
}

Request request_of(const std::string& method, OptionValues options) {
  Request request;
  request.method = method;
  request.targets = {"all"};
  request.options = std::move(options);
  return request;
}

const Subject& bert() {
  static const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  return subject;
}

std::string refusal(Code code, const std::string& method, const OptionValues& options,
                    const Input& input) {
  return test::error_of(code, [&] { bert().explain(input, request_of(method, options)); });
}

// y = 1 + 2 a - 3 b, weights and all: what scikit-learn 1.9 finds as well.
TEST(LeastSquares, FindsALinearRule) {
  const Table x{3, {1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 2, 1}};
  const LeastSquares model(x, {1, 2, 3, 4, 5}, std::vector<double>(3, 0.0));
  const std::vector<double> y = {1, 3, -2, 0, 2};
  const std::vector<double> found = model.coefficients(y);
  EXPECT_THAT(found, testing::Pointwise(testing::DoubleNear(1e-12), std::vector<double>{1, 2, -3}));
  for (const double moved : model.influences(y, found).numbers) EXPECT_NEAR(moved, 0, 1e-12);
}

TEST(LeastSquares, GivesZeroWhereTheRowsSayNothing) {
  const LeastSquares model({2, {1, 0, 2, 0}}, {1, 1}, std::vector<double>(2, 0.0));
  const std::vector<double> found = model.coefficients(std::vector<double>{3, 6});
  EXPECT_NEAR(found[0], 3, 1e-12);
  EXPECT_NEAR(found[1], 0, 1e-12);
}

// Expected: sklearn.linear_model.Lasso(alpha=A, tol=1e-14).fit(x, y, sample_weight=w).coef_
TEST(Lasso, AgreesWithScikitLearn) {
  const Table x{2, {1, 0, 0, 1, 1, 1, 0, 0, 1, 0}};
  const std::vector<double> weights = {1, 0.5, 2, 1, 0.25}, y = {0.9, -0.4, 0.7, 0.1, 1.2};
  EXPECT_THAT(lasso(x, weights, y, 0.01),
              testing::Pointwise(testing::DoubleNear(1e-8),
                                 std::vector<double>{0.898604651163, -0.277325581395}));
  EXPECT_THAT(
      lasso(x, weights, y, 0.1),
      testing::Pointwise(testing::DoubleNear(1e-8), std::vector<double>{0.403846153846, -0}));
}

class SpreadPoints : public testing::TestWithParam<Sampler> {};

TEST_P(SpreadPoints, EveryDimensionIsUniform) {
  constexpr std::int64_t kCount = 64;
  constexpr std::size_t kDimensions = 40;
  const Table points = spread_points(GetParam(), kCount, kDimensions, 3, 5);
  ASSERT_EQ(points.rows(), static_cast<std::size_t>(kCount));
  for (std::size_t d = 0; d < kDimensions; ++d) {
    int low = 0;
    double sum = 0;
    for (std::size_t row = 0; row < points.rows(); ++row) {
      const double at = points.numbers[row * kDimensions + d];
      ASSERT_TRUE(at >= 0 && at < 1);
      low += at < 0.5 ? 1 : 0;
      sum += at;
    }
    EXPECT_NEAR(low, kCount / 2.0, GetParam() == Sampler::kHalton ? 10 : 0) << d;
    EXPECT_NEAR(sum / kCount, 0.5, GetParam() == Sampler::kHalton ? 0.15 : 0.02) << d;
  }
  EXPECT_EQ(spread_points(GetParam(), kCount, kDimensions, 3, 5).numbers, points.numbers);
  EXPECT_NE(spread_points(GetParam(), kCount, kDimensions, 4, 5).numbers, points.numbers);
}

INSTANTIATE_TEST_SUITE_P(All, SpreadPoints,
                         testing::Values(Sampler::kSobol, Sampler::kHalton,
                                         Sampler::kLatinHypercube),
                         [](const auto& info) { return std::string(enum_name(info.param)); });

// Units of a linear model add up, each with variance worth^2 / 4: its share is both indices.
TEST(Sobol, GivesALinearModelsShares) {
  const test::Toy toy = test::linear_toy();
  const Input input = text("it is not a good film.");
  const Explanation worths =
      toy.subject.explain(input, request_of("occlusion", {{"replace", "zero"}}));
  for (const char* order : {"first", "total"}) {
    for (const char* sampler : {"halton", "latin_hypercube"}) {
      const Explanation found = toy.subject.explain(
          input,
          request_of(
              "sobol",
              {{"replace", "zero"}, {"order", order}, {"sampler", sampler}, {"samples", "2048"}}));
      for (std::size_t k = 0; k < found.attributions.size(); ++k) {
        const std::vector<float>& worth = worths.attributions[k].scores;
        const double all = std::inner_product(worth.begin(), worth.end(), worth.begin(), 0.0);
        for (std::size_t i = 0; i < worth.size(); ++i) {
          const double share = static_cast<double>(worth[i] * worth[i]) / all;
          EXPECT_NEAR(found.attributions[k].scores[i], share, 0.05);
          EXPECT_LT((*found.attributions[k].standard_error)[i], 0.05);
        }
      }
    }
  }
}

// A linear model is its own best linear model, however masks are weighed.
TEST(Lime, FindsALinearModel) {
  const test::Toy toy = test::linear_toy();
  const Input input = text("it is not a good film.");
  const Explanation worths =
      toy.subject.explain(input, request_of("occlusion", {{"replace", "zero"}}));
  for (const char* distance : {"cosine", "hamming", "euclidean"}) {
    const Explanation found =
        toy.subject.explain(input, request_of("lime", {{"replace", "zero"},
                                                       {"distance", distance},
                                                       {"regularizer", "none"},
                                                       {"keep_probability", "0.7"}}));
    for (std::size_t k = 0; k < found.attributions.size(); ++k) {
      for (std::size_t i = 0; i < found.units.size(); ++i) {
        EXPECT_NEAR(found.attributions[k].scores[i], worths.attributions[k].scores[i], 2e-5);
      }
    }
  }
}

TEST(Lime, LassoLeavesUnitsOut) {
  const Explanation found =
      bert().explain(text("it is not a good film."),
                     request_of("lime", {{"regularizer", "lasso"}, {"alpha", "0.02"}}));
  const std::vector<float>& scores = found.attributions[0].scores;
  EXPECT_GT(std::count(scores.begin(), scores.end(), 0.0F), 0);
  EXPECT_LT(std::count(scores.begin(), scores.end(), 0.0F), 7);
}

// Hidden in pairs, an additive model loses two worths at a time.
TEST(Occlusion, HidesNeighboursTogether) {
  const test::Toy toy = test::linear_toy();
  const Input input = text("it is not a good film.");  // seven words
  const Explanation single =
      toy.subject.explain(input, request_of("occlusion", {{"replace", "zero"}}));
  const Explanation pairs = toy.subject.explain(
      input, request_of("occlusion", {{"replace", "zero"}, {"hide", "3"}, {"hide_stride", "2"}}));
  for (std::size_t k = 0; k < single.attributions.size(); ++k) {
    const std::vector<float>& worth = single.attributions[k].scores;
    const std::vector<float>& found = pairs.attributions[k].scores;
    const auto stretch = [&](std::size_t begin) {
      return worth[begin] + worth[begin + 1] + worth[begin + 2];
    };
    const float a = stretch(0), b = stretch(2), c = stretch(4);
    EXPECT_THAT(found,
                testing::Pointwise(testing::FloatNear(1e-5F),
                                   std::vector<float>{a, a, (a + b) / 2, b, (b + c) / 2, c, c}));
  }
}

// Every order of the units in which clauses stay together, one after another: what a unit adds when
// it comes, on average. (Owen's definition, by brute force.)
TEST(Partition, AveragesOverOrdersThatKeepClausesTogether) {
  const Input input = text("not good, it is bad");
  const Explanation found =
      bert().explain(input, request_of("partition", {{"max_children", "12"}}));
  ASSERT_EQ(found.units.size(), 6U);
  const std::vector<int> clause = {0, 0, 0, 1, 1, 1};
  std::vector<std::size_t> order(6);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<std::vector<double>> logits;
  for (std::size_t shown = 0; shown < 64; ++shown) {
    Input masked;
    for (const TokenInfo& token : found.tokens) masked.input_ids.push_back(token.id);
    for (std::size_t unit = 0; unit < 6; ++unit) {
      if (shown >> unit & 1) continue;
      for (const std::int64_t token : found.units[unit].tokens) {
        masked.input_ids[static_cast<std::size_t>(token)] =
            *bert().tokenizer().special_tokens().mask;
      }
    }
    const std::vector<float> some = bert().predict(masked).logits;
    logits.emplace_back(some.begin(), some.end());
  }
  std::vector<std::vector<double>> gains(3, std::vector<double>(6, 0.0));
  double orders = 0;
  do {
    int changes = 0;
    for (std::size_t i = 1; i < 6; ++i) changes += clause[order[i]] != clause[order[i - 1]];
    if (changes != 1) continue;
    ++orders;
    std::size_t shown = 0;
    for (const std::size_t unit : order) {
      const std::size_t with = shown | std::size_t{1} << unit;
      for (std::size_t k = 0; k < 3; ++k) gains[k][unit] += logits[with][k] - logits[shown][k];
      shown = with;
    }
  } while (std::next_permutation(order.begin(), order.end()));
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t unit = 0; unit < 6; ++unit) {
      EXPECT_NEAR(found.attributions[k].scores[unit], gains[k][unit] / orders, 1e-6);
    }
  }
}

TEST(Perturbation, EqualMasksAreComputedOnce) {
  const Input input = text("not good, it is bad");  // six words, eight tokens
  const Explanation found = bert().explain(input, request_of("lime", {{"samples", "5000"}}));
  EXPECT_LE(found.cost.forward_tokens, 64 * 8);
}

TEST(Perturbation, RefusesWhatWouldTakeForEver) {
  const Input input = text("the acting was wonderful but the plot was dull. it ran far too long");
  EXPECT_THAT(
      refusal(Code::kUnsupported, "exact_shapley", {{"unit", "token"}}, input),
      HasSubstr("the text has 20 units, which takes 1048576 forwards; expected at most 16"));
  EXPECT_THAT(refusal(Code::kUnsupported, "partition", {{"max_forwards", "8"}}, input),
              HasSubstr("expected at most 8. Hint: use a larger --unit"));
  EXPECT_THAT(refusal(Code::kInvalidArgument, "kernel_shap", {{"samples", "3"}}, input),
              HasSubstr("3 samples were asked for, and the text has"));
}

TEST(Perturbation, RefusesMasksOfAnotherText) {
  Input input = text("it is not a good film.");
  input.masks = {"0101010", "010101"};
  EXPECT_THAT(refusal(Code::kInvalidArgument, "lime", {}, input),
              HasSubstr("mask 1 has 6 flags; expected 0 (kept) or 1 (hidden) for each of the 7"));
  input.masks = {"01x1010"};
  EXPECT_THAT(refusal(Code::kInvalidArgument, "lime", {}, input),
              HasSubstr("mask 0 holds 'x' at place 2"));
  EXPECT_THAT(refusal(Code::kUnsupported, "occlusion", {}, input),
              HasSubstr("occlusion draws no masks; expected kernel_shap, lime, sobol"));
  input.masks = {"0101010", "1101010"};
  EXPECT_THAT(refusal(Code::kInvalidArgument, "sobol", {}, input),
              HasSubstr("2 masks were given for 7 units"));
}

TEST(Perturbation, RefusesOptionsThatContradict) {
  const Input input = text("it is not a good film.");
  EXPECT_THAT(refusal(Code::kInvalidArgument, "lime", {{"error", "0"}}, input),
              HasSubstr("expected more than 0"));
  EXPECT_THAT(refusal(Code::kInvalidArgument, "occlusion", {{"hide_stride", "2"}}, input),
              HasSubstr("expected at most as many"));
  EXPECT_THAT(
      refusal(Code::kInvalidArgument, "lime", {{"error", "1"}, {"regularizer", "lasso"}}, input),
      HasSubstr("no standard errors"));
  EXPECT_THAT(refusal(Code::kUnsupported, "partition", {{"compat", "captum"}}, input),
              HasSubstr("there is no recipe of captum for partition"));
  EXPECT_THAT(refusal(Code::kUnsupported, "sobol", {{"compat", "shap"}}, input),
              HasSubstr("expected interpreto"));
}

TEST(Compat, WhatIsGivenExplicitlyWins) {
  const Explanation found = bert().explain(
      text("it is not a good film."),
      request_of("lime", {{"compat", "captum"}, {"samples", "30"}, {"unit", "word"}}));
  EXPECT_EQ(found.unit, "word");
  EXPECT_THAT(found.method.options,
              testing::Contains(testing::Pair("samples", OptionValue(std::int64_t{30}))));
  EXPECT_THAT(found.method.options,
              testing::Contains(testing::Pair("regularizer", OptionValue(std::string("lasso")))));
}

}  // namespace
}  // namespace ascribo
