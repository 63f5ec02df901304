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
  // Nothing is added to words before they are normalised: the product of a word with its gradient
  // is next to 0, and has only its terms to be measured by.
  bool words_alone = false;
};
// Of the largest magnitude expected, after one backward.
constexpr double kOnce = 2e-5;

class GoldenGradients : public testing::TestWithParam<Checkpoint> {
 protected:
  Golden golden{GetParam().name};
  Subject subject = Subject::open(golden.folder, {.labels = {}, .compute = GetParam().compute});

  // Gradients were recorded from embeddings, in which the padding that MPNet passes over is not
  // seen; a text that has it stands elsewhere for us.
  std::vector<std::size_t> recorded() const {
    const auto padding = subject.model().info().padding_position;
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < golden.cases.size(); ++i) {
      const std::vector<std::int64_t> ids = golden.integers(i, "input_ids");
      if (!padding || std::find(ids.begin(), ids.end(), *padding) == ids.end()) found.push_back(i);
    }
    return found;
  }

  Input input(std::size_t index) const {
    const Json& fields = golden.cases[index];
    Input input;
    input.text = fields.at("text").string();
    if (const auto pair = fields.find("pair")) input.pair = std::string(pair->string());
    return input;
  }

  // The forms of the case's targets, in the head's own words.
  std::vector<std::string> targets(std::size_t index) const {
    const ModelInfo& model = subject.model().info();
    if (!answers_tokens(model.head)) return {"all"};
    std::vector<std::string> forms;
    for (const std::int64_t flat : golden.targets(index)) {
      const std::string token = std::to_string(flat / model.outputs);
      const std::string output = std::to_string(flat % model.outputs);
      std::string form = model.head != HeadKind::kQuestionAnswering ? "token:"
                         : output == "0"                            ? "start:"
                                                                    : "end:";
      form += token;
      if (model.head != HeadKind::kQuestionAnswering) form.append("=#").append(output);
      forms.push_back(std::move(form));
    }
    return forms;
  }

  Explanation explain(std::size_t index, const std::string& method, OptionValues options) const {
    Request request;
    request.method = method;
    request.targets = targets(index);
    request.options = std::move(options);
    request.options.emplace("unit", "all_tokens");
    return subject.explain(input(index), request);
  }

  static double largest(const Tensor& tensor) {
    double found = 0;
    for (const double value : tensor.to_vector<double>()) found = std::max(found, std::abs(value));
    return found;
  }

  // The largest L2 norm of what is summed in a product of a word with its gradient.
  double largest_term(std::size_t index) const {
    const Tensor gradient = golden.expected(index, "grad");
    const std::vector<double> g = gradient.to_vector<double>();
    const std::vector<double> w = golden.expected(index, "word_embeddings").to_vector<double>();
    double found = 0, square = 0;
    for (std::size_t at = 0; at < g.size(); ++at) {
      if (at % static_cast<std::size_t>(gradient.cols()) == 0) square = 0;
      square += g[at] * w[at % w.size()] * g[at] * w[at % w.size()];
      found = std::max(found, std::sqrt(square));
    }
    return found;
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
  for (const std::size_t i : recorded()) {
    const Explanation found = explain(i, "saliency", {});
    expect_scores(found, golden.expected(i, "saliency_l2"), kOnce);
  }
}

TEST_P(GoldenGradients, InputXGradient) {
  for (const std::size_t i : recorded()) {
    const Explanation found = explain(i, "input_x_gradient", {});
    const Tensor expected = golden.expected(i, "input_x_gradient");
    const double terms = GetParam().words_alone ? largest_term(i) / largest(expected) : 1;
    expect_scores(found, expected, kOnce * terms);
  }
}

TEST_P(GoldenGradients, GradientsPerDimension) {
  for (const std::size_t i : recorded()) {
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
  for (const std::size_t i : recorded()) {
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
  for (const std::size_t i : recorded()) {
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

TEST_P(GoldenGradients, IntegratedGradientsByTheTrapezoidOfCaptum) {
  for (const std::size_t i : recorded()) {
    const Explanation found =
        explain(i, "integrated_gradients",
                {{"rule", "trapezoid"}, {"steps", "7"}, {"baseline", "pad"}, {"compat", "captum"}});
    expect_scores(found, golden.expected(i, "ig/riemann_trapezoid/7"), GetParam().long_sum);
    expect_deltas(found, golden.cases[i].at("ig_delta").at("riemann_trapezoid/7"));
    EXPECT_NE(std::find(found.notes.begin(), found.notes.end(),
                        "compat captum: the weights of the trapezoid add up to (N - 1) / N, not "
                        "to 1"),
              found.notes.end());
  }
}

TEST_P(GoldenGradients, IntegratedGradientsFromZero) {
  for (const std::size_t i : recorded()) {
    const Explanation found =
        explain(i, "integrated_gradients", {{"baseline", "zero"}, {"steps", "20"}});
    expect_scores(found, golden.expected(i, "ig_zero/gausslegendre/20"), GetParam().long_sum);
    expect_deltas(found, golden.cases[i].at("ig_delta").at("zero/gausslegendre/20"));
    EXPECT_EQ(found.baseline->kind, "zero");
    EXPECT_TRUE(found.baseline->tokens.empty());
  }
}

TEST_P(GoldenGradients, IntegratedGradientsPerDimension) {
  for (const std::size_t i : recorded()) {
    const Explanation found =
        explain(i, "integrated_gradients", {{"values", "yes"}, {"steps", "50"}});
    const std::vector<float>& values = *found.attributions[0].values;
    const Tensor tensor = Tensor::from<float>(values, {static_cast<std::int64_t>(values.size())});
    EXPECT_LT(test::relative_error(tensor, golden.expected(i, "ig_full/gausslegendre/50")),
              GetParam().long_sum);
  }
}

TEST_P(GoldenAtEmbeddings, IntegratedGradientsOfAProbability) {
  const std::string quantity = "layer_ig_embeddings_softmax/gausslegendre/50";
  for (const std::size_t i : recorded()) {
    const Explanation found = explain(i, "integrated_gradients",
                                      {{"at", "embeddings"},
                                       {"score", "probability"},
                                       {"compat", "captum"},
                                       {"baseline", "pad"}});
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
    if (answers_tokens(subject.model().info().head)) continue;  // heads_test.cpp has theirs
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
                                         Checkpoint{"electra-cls"}, Checkpoint{"distilbert-cls"},
                                         Checkpoint{"albert-cls"}, Checkpoint{"mpnet-cls"},
                                         Checkpoint{.name = "deberta-v2-cls", .words_alone = true},
                                         Checkpoint{.name = "modernbert-cls", .words_alone = true}),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Heads, GoldenGradients,
                         testing::Values(Checkpoint{"bert-ner"}, Checkpoint{"bert-qa"},
                                         Checkpoint{"bert-mlm"}, Checkpoint{"electra-disc"},
                                         Checkpoint{"distilbert-qa"}, Checkpoint{"distilbert-mlm"},
                                         Checkpoint{"roberta-cls"}, Checkpoint{"roberta-qa"},
                                         Checkpoint{"roberta-mlm"}, Checkpoint{"xlm-roberta-cls"},
                                         Checkpoint{"xlm-roberta-ner"}),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Checkpoints, GoldenAtEmbeddings,
                         testing::Values(Checkpoint{"bert-cls"}, Checkpoint{"electra-cls"},
                                         Checkpoint{"distilbert-cls"}, Checkpoint{"albert-cls"},
                                         Checkpoint{"deberta-v2-cls"}, Checkpoint{"modernbert-cls"},
                                         Checkpoint{"mpnet-cls"}, Checkpoint{"roberta-cls"},
                                         Checkpoint{"xlm-roberta-cls"}),
                         name_of);

}  // namespace
}  // namespace ascribo
