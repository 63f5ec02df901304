// SPDX-License-Identifier: MIT
// Gradients of noisy copies and at random points, where the answer is known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "ascribo/explain/subject.h"
#include "ascribo/io/output_file.h"
#include "ascribo/models/model.h"
#include "tests/explain/errors.h"
#include "tests/explain/toy_subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;

const std::string kText = "it is not a good film.";

Explanation explain(const Subject& subject, const std::string& method, OptionValues options,
                    const std::string& written = kText) {
  Input input;
  input.text = written;
  Request request{.method = method, .targets = {"all"}, .options = std::move(options)};
  request.options.emplace("unit", "all_tokens");
  return subject.explain(input, request);
}

const Subject& tiny() {
  static const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  return subject;
}

// The gradient of a linear model is the same wherever it is taken.
TEST(Noise, OfALinearModelTheGradientStays) {
  const test::Toy toy = test::linear_toy();
  const Explanation plain = explain(toy.subject, "saliency", {});
  const Explanation smooth = explain(toy.subject, "smooth_grad", {{"noise", "3"}});
  const Explanation varied = explain(toy.subject, "var_grad", {{"noise", "3"}});
  const Explanation square = explain(toy.subject, "square_grad", {{"noise", "3"}});
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_THAT(varied.attributions[k].scores, Each(0.0F));
    for (std::size_t i = 0; i < plain.tokens.size(); ++i) {
      const float expected = plain.attributions[k].scores[i];
      EXPECT_NEAR(smooth.attributions[k].scores[i], expected, 1e-5);
      EXPECT_NEAR((*smooth.attributions[k].standard_error)[i], 0, 1e-5);
      EXPECT_NEAR(square.attributions[k].scores[i], expected * expected, 1e-4);
    }
  }
}

// Then what noise adds to input x gradient is a sum of normals, whose variance is known.
TEST(Noise, ItsVarianceIsTheOneAskedFor) {
  const test::Toy toy = test::linear_toy();
  const Explanation plain = explain(toy.subject, "saliency", {});
  const Explanation found = explain(toy.subject, "var_grad",
                                    {{"of", "input_x_gradient"},
                                     {"noise", "0.5"},
                                     {"noise_scale", "absolute"},
                                     {"samples", "4000"}});
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t i = 0; i < plain.tokens.size(); ++i) {
      const double slope = plain.attributions[k].scores[i];
      const double error = (*found.attributions[k].standard_error)[i];
      EXPECT_NEAR(found.attributions[k].scores[i], 0.25 * slope * slope, 5 * error);
      EXPECT_LT(error, 0.1 * 0.25 * slope * slope);
    }
  }
}

TEST(Noise, RelativeNoiseIsAShareOfTheTextsOwnDeviation) {
  const test::Toy toy = test::linear_toy();
  Input input;
  input.text = kText;
  const Explanation tokens = toy.subject.explain(input);
  std::vector<std::int64_t> ids;
  for (const TokenInfo& token : tokens.tokens) ids.push_back(token.id);
  const std::vector<double> words = toy.model->word_embeddings(ids).to_vector<double>();
  double mean = 0, squares = 0;
  for (const double value : words) mean += value / static_cast<double>(words.size());
  for (const double value : words) squares += (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / static_cast<double>(words.size()));
  const OptionValues of = {{"of", "input_x_gradient"}};
  OptionValues relative = of, absolute = of;
  relative["noise"] = "0.5";
  absolute["noise_scale"] = "absolute";
  absolute["noise"] = std::to_string(0.5 * deviation);
  const Explanation one = explain(toy.subject, "smooth_grad", relative);
  const Explanation two = explain(toy.subject, "smooth_grad", absolute);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_NEAR(one.attributions[0].scores[i], two.attributions[0].scores[i], 1e-5);
  }
}

TEST(Noise, WithoutNoiseItIsTheMethodItself) {
  for (const char* of : {"saliency", "input_x_gradient", "integrated_gradients"}) {
    const Explanation plain = explain(tiny(), of, {});
    const Explanation smooth =
        explain(tiny(), "smooth_grad", {{"of", of}, {"noise", "0"}, {"samples", "2"}});
    for (std::size_t i = 0; i < plain.tokens.size(); ++i) {
      EXPECT_NEAR(smooth.attributions[1].scores[i], plain.attributions[1].scores[i], 1e-6) << of;
      EXPECT_NEAR((*smooth.attributions[1].standard_error)[i], 0, 1e-6);
    }
    EXPECT_EQ(smooth.baseline.has_value(), std::string(of) == "integrated_gradients");
  }
}

TEST(Noise, ErrorsShrinkWithTheRootOfTheSamples) {
  const auto total = [](const std::string& method, const std::string& samples) {
    const Explanation found = explain(tiny(), method, {{"samples", samples}});
    double sum = 0;
    for (const float error : *found.attributions[0].standard_error) sum += error;
    return sum;
  };
  for (const char* method :
       {"smooth_grad", "square_grad", "var_grad", "gradient_shap", "expected_gradients"}) {
    EXPECT_NEAR(total(method, "50") / total(method, "800"), 4, 1.6) << method;
  }
}

// Scores of another seed are off by a few standard errors: they are neither too small nor too
// large.
TEST(Noise, ErrorsAreThoseThatOtherSeedsShow) {
  for (const char* method : {"smooth_grad", "gradient_shap", "expected_gradients"}) {
    double squares = 0;
    int count = 0;
    const Explanation reference = explain(tiny(), method, {{"samples", "4000"}, {"seed", "99"}});
    for (int seed = 0; seed < 8; ++seed) {
      const Explanation found =
          explain(tiny(), method, {{"samples", "40"}, {"seed", std::to_string(seed)}});
      for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t i = 1; i + 1 < found.tokens.size(); ++i) {
          const double away = found.attributions[k].scores[i] - reference.attributions[k].scores[i];
          const double error = (*found.attributions[k].standard_error)[i];
          squares += away * away / (error * error);
          ++count;
        }
      }
    }
    EXPECT_NEAR(std::sqrt(squares / count), 1, 0.35) << method;
  }
}

TEST(Noise, RandomPathsAgreeWithIntegratedGradients) {
  const Explanation exact = explain(tiny(), "integrated_gradients", {{"tolerance", "0.0001"}});
  const Explanation found = explain(tiny(), "gradient_shap", {{"samples", "2000"}});
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(*found.attributions[k].baseline_value, *exact.attributions[k].baseline_value, 1e-6);
    for (std::size_t i = 0; i < exact.tokens.size(); ++i) {
      EXPECT_NEAR(found.attributions[k].scores[i], exact.attributions[k].scores[i],
                  5 * (*found.attributions[k].standard_error)[i] + 1e-6);
    }
  }
}

TEST(Noise, ReferencesOfAFileAreThoseThatIntegratedGradientsAverages) {
  const auto path = std::filesystem::path(testing::TempDir()) / "references.txt";
  {
    OutputFile file(path);
    file.write("bad\na good film\nthe plot was dull\n");
    file.commit();
  }
  const std::string name = "file:" + path.string();
  const Explanation exact =
      explain(tiny(), "integrated_gradients", {{"baseline", name}, {"tolerance", "0.0001"}});
  const Explanation found =
      explain(tiny(), "expected_gradients", {{"baseline", name}, {"samples", "3000"}});
  EXPECT_THAT(exact.notes, Contains(HasSubstr("means over 3 baselines")));
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(*found.attributions[k].baseline_value, *exact.attributions[k].baseline_value, 1e-6);
    EXPECT_NEAR(*exact.attributions[k].delta, 0, 1e-3);
    for (std::size_t i = 0; i < exact.tokens.size(); ++i) {
      EXPECT_NEAR(found.attributions[k].scores[i], exact.attributions[k].scores[i],
                  5 * (*found.attributions[k].standard_error)[i] + 1e-6);
    }
  }
  std::filesystem::remove(path);
}

TEST(Noise, EveryPlaceIsReached) {
  for (const char* method : {"smooth_grad", "gradient_shap"}) {
    for (const char* at : {"embeddings", "layer:0", "layer:1"}) {
      const Explanation found = explain(tiny(), method, {{"at", at}, {"samples", "3"}});
      for (const float score : found.attributions[0].scores) EXPECT_TRUE(std::isfinite(score));
    }
  }
}

TEST(Noise, WhatDoesNotFitIsRefused) {
  EXPECT_EQ(test::error_of(Code::kInvalidArgument,
                           [] {
                             explain(tiny(), "var_grad", {{"samples", "1"}});
                           }),
            "[var_grad] samples is \"1\"; expected at least 2 to have a variance.");
  EXPECT_EQ(test::error_of(Code::kInvalidArgument,
                           [] {
                             explain(tiny(), "smooth_grad", {{"baseline", "zero"}});
                           }),
            "[smooth_grad] baseline was given, but of is saliency; expected it with "
            "integrated_gradients only. Hint: add --of integrated_gradients");
  EXPECT_FALSE(explain(tiny(), "smooth_grad", {{"samples", "1"}})
                   .attributions[0]
                   .standard_error.has_value());
}

}  // namespace
}  // namespace ascribo
