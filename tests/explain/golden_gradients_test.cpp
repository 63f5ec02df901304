// SPDX-License-Identifier: MIT
// Gradient methods against captum's answers for the golden checkpoints.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ascribo/explain/subject.h"
#include "ascribo/models/model.h"
#include "ascribo/text/tokenizer.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::Golden;

struct Checkpoint {
  std::string name;
  Dtype compute = Dtype::kF32;
  // Of the largest magnitude expected, in sums over many steps. Where a point of the path lies on
  // a kink of ReLU, rounding decides which slope counts: in fp32 a few points fall to the other
  // side, in double none does.
  double long_sum = 1e-4;
  double delta = 2e-5;  // absolute: a small difference of scores near 1
};
// Of the largest magnitude expected, after one backward.
constexpr double kOnce = 2e-5;

class GoldenGradients : public testing::TestWithParam<Checkpoint> {
 protected:
  Golden golden{GetParam().name};
  Subject subject = Subject::open(golden.folder, {.labels = {}, .compute = GetParam().compute});

  Input input(std::size_t index) const {
    const Json& fields = golden.cases[index];
    Input input;
    input.text = fields.at("text").string();
    if (const auto pair = fields.find("pair")) input.pair = std::string(pair->string());
    return input;
  }

  Explanation explain(std::size_t index, const std::string& method, OptionValues options) const {
    Request request;
    request.method = method;
    request.targets = {"all"};
    request.options = std::move(options);
    request.options.emplace("unit", "all_tokens");
    return subject.explain(input(index), request);
  }

  // Scores `[targets, tokens]` against the expected ones, these multiplied by `scale`.
  static void expect_scores(const Explanation& found, const Tensor& expected, double tolerance,
                            double scale = 1) {
    std::vector<double> scores;
    for (const Attribution& attribution : found.attributions) {
      for (float score : attribution.scores) scores.push_back(static_cast<double>(score) * scale);
    }
    const Tensor tensor = Tensor::from<double>(scores, {static_cast<std::int64_t>(scores.size())});
    EXPECT_LT(test::relative_error(tensor, expected), tolerance);
  }

  void expect_deltas(const Explanation& found, const Json& expected) const {
    for (std::size_t k = 0; k < found.attributions.size(); ++k) {
      EXPECT_NEAR(*found.attributions[k].delta, expected.at(k).number(), GetParam().delta);
    }
  }
};

class GoldenAtEmbeddings : public GoldenGradients {};

TEST_P(GoldenGradients, Saliency) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Explanation found = explain(i, "saliency", {});
    expect_scores(found, golden.expected(i, "saliency_l2"), kOnce);
  }
}

TEST_P(GoldenGradients, InputXGradient) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Explanation found = explain(i, "input_x_gradient", {});
    expect_scores(found, golden.expected(i, "input_x_gradient"), kOnce);
  }
}

TEST_P(GoldenGradients, GradientsPerDimension) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Explanation found = explain(i, "saliency", {{"values", "yes"}});
    std::vector<float> all;
    for (const Attribution& attribution : found.attributions) {
      all.insert(all.end(), attribution.values->begin(), attribution.values->end());
    }
    const Tensor tensor = Tensor::from<float>(all, {static_cast<std::int64_t>(all.size())});
    EXPECT_LT(test::relative_error(tensor, golden.expected(i, "grad")), kOnce);
  }
}

TEST_P(GoldenGradients, IntegratedGradientsByEveryRule) {
  struct Case {
    const char *theirs, *ours, *steps;
  };
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    for (const Case& rule : {Case{"gausslegendre/50", "gauss_legendre", "50"},
                             Case{"gausslegendre/7", "gauss_legendre", "7"},
                             Case{"riemann_left/7", "riemann_left", "7"},
                             Case{"riemann_right/7", "riemann_right", "7"},
                             Case{"riemann_middle/7", "riemann_middle", "7"}}) {
      SCOPED_TRACE(rule.theirs);
      const Explanation found =
          explain(i, "integrated_gradients", {{"rule", rule.ours}, {"steps", rule.steps}});
      expect_scores(found, golden.expected(i, std::string("ig/") + rule.theirs),
                    GetParam().long_sum);
      expect_deltas(found, golden.cases[i].at("ig_delta").at(rule.theirs));
    }
  }
}

// captum's weights sum to (n - 1) / n, ours to 1.
TEST_P(GoldenGradients, IntegratedGradientsByTrapezoidUpToTheirScale) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Explanation found =
        explain(i, "integrated_gradients", {{"rule", "trapezoid"}, {"steps", "7"}});
    expect_scores(found, golden.expected(i, "ig/riemann_trapezoid/7"), GetParam().long_sum,
                  6.0 / 7.0);
    const Json deltas = golden.cases[i].at("ig_delta").at("riemann_trapezoid/7");
    for (std::size_t k = 0; k < found.attributions.size(); ++k) {
      const Attribution& attribution = found.attributions[k];
      const double change = attribution.value - *attribution.baseline_value;
      EXPECT_NEAR((*attribution.delta + change) * 6 / 7 - change, deltas.at(k).number(),
                  GetParam().delta);
    }
  }
}

TEST_P(GoldenGradients, IntegratedGradientsFromZero) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Explanation found =
        explain(i, "integrated_gradients", {{"baseline", "zero"}, {"steps", "20"}});
    expect_scores(found, golden.expected(i, "ig_zero/gausslegendre/20"), GetParam().long_sum);
    expect_deltas(found, golden.cases[i].at("ig_delta").at("zero/gausslegendre/20"));
    EXPECT_EQ(found.baseline->kind, "zero");
    EXPECT_TRUE(found.baseline->tokens.empty());
  }
}

TEST_P(GoldenGradients, IntegratedGradientsPerDimension) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Explanation found = explain(i, "integrated_gradients", {{"values", "yes"}});
    const std::vector<float>& values = *found.attributions[0].values;
    const Tensor tensor = Tensor::from<float>(values, {static_cast<std::int64_t>(values.size())});
    EXPECT_LT(test::relative_error(tensor, golden.expected(i, "ig_full/gausslegendre/50")),
              GetParam().long_sum);
  }
}

TEST_P(GoldenAtEmbeddings, IntegratedGradientsOfAProbability) {
  const std::string quantity = "layer_ig_embeddings_softmax/gausslegendre/50";
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Explanation found =
        explain(i, "integrated_gradients", {{"at", "embeddings"}, {"score", "probability"}});
    expect_scores(found, golden.expected(i, quantity), GetParam().long_sum);
    expect_deltas(found, golden.cases[i].at("layer_ig_delta"));
  }
}

TEST_P(GoldenGradients, BaselineTokensAreTheGoldenOnes) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Explanation found = explain(i, "integrated_gradients", {{"steps", "1"}});
    const std::vector<std::int64_t> ids = golden.integers(i, "baseline_ids");
    ASSERT_EQ(found.baseline->tokens.size(), ids.size());
    for (std::size_t t = 0; t < ids.size(); ++t) {
      EXPECT_EQ(found.baseline->tokens[t], subject.tokenizer().token(ids[t]));
    }
  }
}

TEST_P(GoldenGradients, PredictionIsTheArgmaxOfTheLogits) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Prediction found = subject.predict(input(i));
    const std::vector<float> logits = golden.expected(i, "logits").to_vector<float>();
    const auto best = std::max_element(logits.begin(), logits.end());
    EXPECT_EQ(found.index, best - logits.begin());
    const Problem problem = subject.model().info().problem;
    EXPECT_EQ(found.probability.has_value(), problem != Problem::kRegression);
    if (!found.probability) continue;
    double sum = 0;
    for (float logit : logits) sum += std::exp(static_cast<double>(logit));
    const double top = std::exp(static_cast<double>(*best));
    EXPECT_NEAR(*found.probability, problem == Problem::kMultiLabel ? top / (1 + top) : top / sum,
                1e-5);
  }
}

std::string name_of(const testing::TestParamInfo<Checkpoint>& info) {
  std::string name = info.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name + "_" + std::string(dtype_name(info.param.compute));
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, GoldenGradients,
                         testing::Values(Checkpoint{"bert-cls"}, Checkpoint{"bert-multilabel"},
                                         Checkpoint{"bert-regression"},
                                         Checkpoint{"bert-relu-pair", Dtype::kF32, 1e-3, 5e-4},
                                         Checkpoint{"bert-relu-pair", Dtype::kF64},
                                         Checkpoint{"electra-cls"}, Checkpoint{"distilbert-cls"}),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Checkpoints, GoldenAtEmbeddings,
                         testing::Values(Checkpoint{"bert-cls"}, Checkpoint{"electra-cls"},
                                         Checkpoint{"distilbert-cls"}),
                         name_of);

}  // namespace
}  // namespace ascribo
