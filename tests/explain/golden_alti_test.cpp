// SPDX-License-Identifier: MIT
// ALTI, rollouts of norms, of whole layers and of attention: the records of the ALTI authors' own
// code (tests/golden), every text and layer.
#include <gtest/gtest.h>

#include "ascribo/explain/decompose/layer_vectors.h"
#include "ascribo/explain/subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

// Of the largest value.
constexpr double kTolerance = 2e-5;

const LayerTable& table(const Explanation& found, const std::string& name) {
  for (const LayerTable& each : found.layers.value()) {
    if (each.name == name) return each;
  }
  throw std::out_of_range(name);
}

class GoldenAlti : public testing::TestWithParam<const char*> {
 protected:
  test::Golden golden{GetParam()};
  Subject subject = Subject::open(golden.folder);

  Explanation explain(std::size_t index, const std::string& method, OptionValues options = {}) {
    Input input;
    input.input_ids = golden.integers(index, "input_ids");
    options["unit"] = "all_tokens";
    return subject.explain(input, {.method = method, .options = std::move(options)});
  }

  // A table of every text against the records; its last layer's first row are the scores.
  void expect_table(const std::string& method, const std::string& name,
                    const std::string& quantity) {
    for (std::size_t index = 0; index < golden.cases.size(); ++index) {
      SCOPED_TRACE(quantity + " of text " + std::to_string(index));
      ASSERT_TRUE(golden.has(index, quantity));
      const Tensor expected = golden.expected(index, quantity);
      const Explanation found = explain(index, method);
      const LayerTable& given = table(found, name);
      EXPECT_EQ(given.shape, expected.shape());
      EXPECT_LT(test::relative_error(Tensor::from<float>(given.data, given.shape), expected),
                kTolerance);
      if (name != "rollout") continue;
      const std::vector<float>& scores = found.attributions[0].scores;
      const Tensor row = expected.slice(expected.dim(0) - 1, expected.dim(0))
                             .reshape({expected.dim(1), expected.dim(2)})
                             .slice(0, 1);
      EXPECT_LT(test::relative_error(
                    Tensor::from<float>(scores, {static_cast<std::int64_t>(scores.size())}), row),
                kTolerance);
    }
  }
};

TEST_P(GoldenAlti, ContributionsAreThePublishedOnes) {
  expect_table("alti", "contributions", "alti_contributions");
}

TEST_P(GoldenAlti, RolloutsAreThePublishedOnes) {
  expect_table("alti", "rollout", "alti_rollout");
  expect_table("norm_rollout", "rollout", "norm_rollout");
  expect_table("globenc", "rollout", "globenc_rollout");
  expect_table("attention_rollout", "rollout", "attention_rollout");
}

TEST_P(GoldenAlti, DistancesAreThePublishedOnes) {
  for (std::size_t index = 0; index < golden.cases.size(); ++index) {
    const Tensor expected = golden.expected(index, "alti_negative_l1");
    Task task;
    task.sequence = golden.sequence(index);
    Scorer scorer(subject.model(), nullptr, 1024);
    const TransformerParts& parts = *find_structure(subject.model());
    std::vector<float> found;
    walk_layers(task, scorer, parts, [&](const LayerView& view) {
      for (const double cell :
           layer_vectors(view, AfterNorm::kFirst).distances(ops::VectorNorm::kL1).cells) {
        found.push_back(static_cast<float>(-cell));
      }
    });
    EXPECT_LT(test::relative_error(Tensor::from<float>(found, expected.shape()), expected),
              kTolerance);
  }
}

TEST_P(GoldenAlti, AttentionIsTheModels) {
  for (std::size_t index = 0; index < golden.cases.size(); ++index) {
    const Tensor attention = golden.expected(index, "attentions");  // [layers, heads, seq, seq]
    const Explanation found = explain(index, "raw_attention");
    const LayerTable& mean = table(found, "attention");
    const std::vector<float> all = attention.to_vector<float>();
    const auto heads = static_cast<std::size_t>(attention.dim(1));
    const auto cells = static_cast<std::size_t>(attention.dim(2) * attention.dim(3));
    for (std::size_t at = 0; at < mean.data.size(); ++at) {
      double expected = 0;
      for (std::size_t h = 0; h < heads; ++h) {
        expected += static_cast<double>(all[(at / cells * heads + h) * cells + at % cells]);
      }
      EXPECT_NEAR(mean.data[at], expected / static_cast<double>(heads), 1e-5);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Models, GoldenAlti,
                         testing::Values("bert-cls", "distilbert-cls", "roberta-cls"),
                         [](const auto& info) {
                           std::string name = info.param;
                           return name.substr(0, name.find('-'));
                         });

}  // namespace
}  // namespace ascribo
