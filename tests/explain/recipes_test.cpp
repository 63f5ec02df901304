// SPDX-License-Identifier: MIT
// interpreto's recipes of noisy gradients: what its records say without noise, and with noise what
// a linear model lets one work out. What recipes do not go together with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/explain/subject.h"
#include "tests/explain/errors.h"
#include "tests/explain/toy_subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::error_of;
using test::Golden;
using testing::Contains;
using testing::HasSubstr;

const std::string kText = "it is not a good film.";

Explanation explain(const Subject& subject, const std::string& method, OptionValues options,
                    const std::string& text = kText) {
  options.emplace("compat", "interpreto");
  options.emplace("unit", "all_tokens");
  return subject.explain(Input{.text = text},
                         {.method = method, .targets = {"all"}, .options = std::move(options)});
}

// Without noise every copy has the record of interpreto's saliency, its square, and no variance.
TEST(NoiseRecipe, WithoutNoiseIsTheRecordOfSaliency) {
  const Golden golden("bert-cls");
  const Subject subject = Subject::open(golden.folder);
  const Json cases = Json::parse(test::read_text(golden.folder / "cases.json"), "cases.json");
  int seen = 0;
  cases.at("interpreto").at("attributions").elements([&](const Json& record) {
    if (record.at("method").string() != "saliency" ||
        record.at("granularity").string() != "all_tokens" ||
        record.at("inference_mode").string() != "logits") {
      return;
    }
    const bool times_input = record.at("params").boolean_or("input_x_gradient", true);
    const OptionValues options = {
        {"noise", "0"}, {"samples", "3"}, {"of", times_input ? "input_x_gradient" : "saliency"}};
    const std::string text(record.at("text").string());
    const Explanation smooth = explain(subject, "smooth_grad", options, text);
    const Explanation square = explain(subject, "square_grad", options, text);
    const Explanation varied = explain(subject, "var_grad", options, text);
    std::vector<std::int64_t> targets;
    record.at("targets").elements([&](const Json& k) { targets.push_back(k.integer()); });
    std::size_t row = 0;
    record.at("attributions").elements([&](const Json& scores) {
      const auto k = static_cast<std::size_t>(targets[row++]);
      double largest = 0;
      scores.elements([&](const Json& s) { largest = std::max(largest, s.number()); });
      std::size_t i = 0;
      scores.elements([&](const Json& s) {
        const double score = s.number();
        EXPECT_NEAR(smooth.attributions[k].scores[i], score, 2e-5 * largest);
        EXPECT_NEAR(square.attributions[k].scores[i], score * score, 4e-5 * largest * largest);
        EXPECT_NEAR(varied.attributions[k].scores[i], 0, 1e-9);
        ++i;
      });
      EXPECT_EQ(i, smooth.units.size());
    });
    ++seen;
  });
  EXPECT_GE(seen, 5);
}

// E |N(m, s^2)| = s sqrt(2 / pi) exp(-m^2 / 2s^2) + m erf(m / (s sqrt 2)).
double folded_mean(double m, double s) {
  return s * std::sqrt(2 / M_PI) * std::exp(-m * m / (2 * s * s)) +
         m * std::erf(m / (s * std::sqrt(2.0)));
}

// Of a linear model, |w (x + e)| of each dimension is a folded normal, and dimensions are
// independent: mean, mean square and variance of their mean are known.
TEST(NoiseRecipe, WithNoiseIsWhatFoldedNormalsGive) {
  const test::Toy toy = test::linear_toy();
  const double noise = 0.5;
  const OptionValues options = {{"noise", "0.5"}, {"samples", "20000"}};
  const Explanation smooth = explain(toy.subject, "smooth_grad", options);
  const Explanation square = explain(toy.subject, "square_grad", options);
  const Explanation varied = explain(toy.subject, "var_grad", options);
  const auto expect_near = [](const Attribution& found, std::size_t i, double expected) {
    const double error = (*found.standard_error)[i];
    EXPECT_NEAR(found.scores[i], expected, 5 * error);
    EXPECT_LT(error, 0.05 * expected);
  };
  for (std::size_t i = 0; i < smooth.tokens.size(); ++i) {
    const std::vector<double> x =
        toy.model->word_embeddings({smooth.tokens[i].id}).to_vector<double>();
    for (std::size_t k = 0; k < 3; ++k) {
      double mean = 0, variance = 0;
      for (std::size_t d = 0; d < x.size(); ++d) {
        const double w = toy.model->weight(static_cast<std::int64_t>(i), k, d);
        const double m = std::abs(w * x[d]), s = std::abs(w) * noise;
        const double one = folded_mean(m, s), width = static_cast<double>(x.size());
        mean += one / width;
        variance += (m * m + s * s - one * one) / (width * width);
      }
      expect_near(smooth.attributions[k], i, mean);
      expect_near(square.attributions[k], i, mean * mean + variance);
      expect_near(varied.attributions[k], i, variance);
    }
  }
  EXPECT_THAT(smooth.notes, Contains(HasSubstr("compat interpreto: each copy's gradient")));
}

TEST(Recipe, WhatContradictsItIsRefused) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  const auto error = [&](const std::string& method, const OptionValues& options, Code code) {
    return error_of(code, [&] { explain(subject, method, options); });
  };
  EXPECT_EQ(error("integrated_gradients", {{"tolerance", "0.1"}}, Code::kInvalidArgument),
            "[integrated_gradients] both tolerance and steps were given; expected one of them. "
            "Hint: tolerance lets each text have as many points as it needs; steps and rule fix "
            "them");
  EXPECT_EQ(error("integrated_gradients", {{"reduce", "sum"}}, Code::kInvalidArgument),
            "[integrated_gradients] reduce is \"sum\" and compat is interpreto; expected "
            "mean_abs, which is part of that recipe.");
  EXPECT_EQ(error("smooth_grad", {{"reduce", "l2"}}, Code::kInvalidArgument),
            "[smooth_grad] reduce is \"l2\" and compat is interpreto; expected mean_abs, which is "
            "part of that recipe.");
  EXPECT_THAT(error("var_grad", {{"of", "integrated_gradients"}}, Code::kUnsupported),
              HasSubstr("of is integrated_gradients and compat is interpreto"));
}

}  // namespace
}  // namespace ascribo
