// SPDX-License-Identifier: MIT
// Shapley values: exact ones against enumeration elsewhere, sampled ones against exact ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "ascribo/base/rng.h"
#include "ascribo/explain/perturb/shapley_kernel.h"
#include "ascribo/explain/subject.h"
#include "ascribo/text/tokenizer.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::Golden;

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

class GoldenShapley : public testing::TestWithParam<std::string> {};

TEST_P(GoldenShapley, ExactValuesAreThoseOfTheEnumeration) {
  const Golden golden(GetParam());
  const Subject subject = Subject::open(golden.folder);
  int covered = 0;
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    if (!golden.has(i, "exact_shapley_mask")) continue;
    ++covered;
    const Explanation found =
        subject.explain(text(std::string(golden.cases[i].at("text").string())),
                        request_of("exact_shapley", {{"unit", "token"}}));
    std::vector<double> scores;
    for (const Attribution& attribution : found.attributions) {
      scores.insert(scores.end(), attribution.scores.begin(), attribution.scores.end());
    }
    const Tensor expected = golden.expected(i, "exact_shapley_mask");
    ASSERT_EQ(static_cast<std::int64_t>(scores.size()), expected.numel());
    EXPECT_LT(test::relative_error(Tensor::from<double>(scores, expected.shape()), expected), 2e-5);
  }
  EXPECT_GE(covered, 2);
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, GoldenShapley,
                         testing::Values("bert-cls", "roberta-cls", "xlm-roberta-cls",
                                         "electra-cls", "distilbert-cls", "albert-cls", "mpnet-cls",
                                         "deberta-v2-cls", "modernbert-cls"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// A game with strong interactions: a random two-layer network of the units that are kept.
class Game {
 public:
  Game(std::size_t units, std::uint64_t seed) : units_(units) {
    Rng rng(seed);
    for (std::size_t h = 0; h < kHidden; ++h) {
      outer_.push_back(rng.normal());
      for (std::size_t i = 0; i < units; ++i) inner_.push_back(rng.normal());
    }
  }

  double value(std::span<const std::uint8_t> hidden) const {
    double sum = 0;
    for (std::size_t h = 0; h < kHidden; ++h) {
      double at = -1;
      for (std::size_t i = 0; i < units_; ++i) at += hidden[i] ? 0 : inner_[h * units_ + i];
      sum += outer_[h] * std::tanh(at);
    }
    return sum;
  }

  double whole() const { return value(std::vector<std::uint8_t>(units_, 0)); }
  double nothing() const { return value(std::vector<std::uint8_t>(units_, 1)); }

  // By definition: the mean gain over all orders, from the sets that may come before.
  std::vector<double> shapley() const {
    std::vector<double> values(units_, 0.0);
    for (std::size_t set = 0; set < std::size_t{1} << units_; ++set) {
      std::vector<std::uint8_t> hidden(units_);
      for (std::size_t i = 0; i < units_; ++i) hidden[i] = !(set >> i & 1);
      const auto size = static_cast<double>(std::count(hidden.begin(), hidden.end(), 0));
      const double before = value(hidden);
      for (std::size_t i = 0; i < units_; ++i) {
        if (!hidden[i]) continue;
        hidden[i] = 0;
        const auto m = static_cast<double>(units_);
        const double weight =
            std::exp(std::lgamma(size + 1) + std::lgamma(m - size) - std::lgamma(m + 1));
        values[i] += weight * (value(hidden) - before);
        hidden[i] = 1;
      }
    }
    return values;
  }

 private:
  static constexpr std::size_t kHidden = 6;
  std::size_t units_;
  std::vector<double> outer_, inner_;
};

KernelFit fit(const Game& game, const Design& design) {
  std::vector<double> values;
  for (std::size_t row = 0; row < design.rows(); ++row) {
    values.push_back(game.value(design.row(row)));
  }
  return KernelRegression(design).fit(values, game.whole(), game.nothing());
}

TEST(KernelRegression, IsExactWhenEveryMaskIsThere) {
  const Game game(7, 1);
  const KernelFit found = fit(game, kernel_design(7, 126, 0, 0));
  const std::vector<double> expected = game.shapley();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(found.scores[i], expected[i], 1e-10);
    EXPECT_EQ(found.errors[i], 0);
  }
}

TEST(KernelRegression, AddsUpWhateverIsDrawn) {
  const Game game(12, 2);
  const KernelFit found = fit(game, kernel_design(12, 40, 3, 0));
  EXPECT_NEAR(std::accumulate(found.scores.begin(), found.scores.end(), 0.0),
              game.whole() - game.nothing(), 1e-10);
}

struct Accuracy {
  double error = 0;     // root mean square
  double coverage = 0;  // share of true values within 1.96 standard errors
};

template <class Estimate>
Accuracy measure(const std::vector<double>& truth, Estimate estimate) {
  constexpr std::uint64_t kSeeds = 200;
  double squares = 0, within = 0;
  const double count = static_cast<double>(kSeeds) * static_cast<double>(truth.size());
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const KernelFit found = estimate(seed);
    for (std::size_t i = 0; i < truth.size(); ++i) {
      const double off = found.scores[i] - truth[i];
      squares += off * off / count;
      within += std::abs(off) <= 1.96 * found.errors[i] ? 1 / count : 0;
    }
  }
  return {std::sqrt(squares), within};
}

TEST(KernelRegression, ErrorsFallAsTheRootOfSamplesAndCoverTheTruth) {
  const Game game(12, 3);
  const std::vector<double> truth = game.shapley();
  const auto with = [&](std::int64_t samples) {
    return measure(
        truth, [&](std::uint64_t seed) { return fit(game, kernel_design(12, samples, seed, 7)); });
  };
  // All sets of one and of eleven units are there; what is left, 56 or 224 rows, is drawn.
  const Accuracy few = with(80), four_times = with(248);
  EXPECT_NEAR(few.error / four_times.error, 2, 0.6);
  const Accuracy many = with(1500);
  EXPECT_LT(many.error, few.error / 5);
  for (const Accuracy& accuracy : {few, four_times, many}) {
    EXPECT_GE(accuracy.coverage, 0.93);
    EXPECT_LE(accuracy.coverage, 0.97);
  }
}

// The same of the whole methods, on a model.
class SampledShapley : public testing::TestWithParam<std::string> {
 protected:
  Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  const Input input = text("it is not a good film.");

  Explanation explain(const std::string& method, OptionValues options) const {
    options["score"] = "probability";
    return subject.explain(input, request_of(method, std::move(options)));
  }
};

TEST_P(SampledShapley, ErrorsFallAsTheRootOfSamplesAndCoverTheTruth) {
  const Explanation exact = explain("exact_shapley", {});
  const std::vector<float>& scores = exact.attributions[0].scores;
  const auto with = [&](const std::string& samples) {
    return measure({scores.begin(), scores.end()}, [&](std::uint64_t seed) {
      const Explanation found =
          explain(GetParam(), {{"samples", samples}, {"seed", std::to_string(seed)}});
      const Attribution& first = found.attributions[0];
      return KernelFit{{first.scores.begin(), first.scores.end()},
                       {first.standard_error->begin(), first.standard_error->end()}};
    });
  };
  const bool kernel = GetParam() == "kernel_shap";
  const Accuracy few = with(kernel ? "36" : "20"), more = with("80");
  EXPECT_NEAR(few.error / more.error, 2, kernel ? 1 : 0.4);
  // Few samples, whose errors are themselves uncertain: of 10 pairs, 1.96 errors cover 0.918.
  EXPECT_GE(few.coverage, 0.9);
  EXPECT_GE(more.coverage, 0.93);
}

TEST_P(SampledShapley, GoesOnUntilTheErrorsAreSmall) {
  const Explanation exact = explain("exact_shapley", {});
  const Explanation found = explain(GetParam(), {{"samples", "16"}, {"error", "3e-4"}});
  for (std::size_t k = 0; k < exact.attributions.size(); ++k) {
    const Attribution& attribution = found.attributions[k];
    for (std::size_t i = 0; i < attribution.scores.size(); ++i) {
      EXPECT_LE((*attribution.standard_error)[i], 3e-4F);
      EXPECT_NEAR(attribution.scores[i], exact.attributions[k].scores[i], 1.5e-3);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, SampledShapley,
                         testing::Values("kernel_shap", "shapley_sampling"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace ascribo
