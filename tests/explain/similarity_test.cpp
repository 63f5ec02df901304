// SPDX-License-Identifier: MIT
// Models without head: the similarity of two texts, against vectors made from recorded hidden
// states.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <regex>

#include "ascribo/explain/subject.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using testing::HasSubstr;

/// The golden classifier without its head, as a sentence-transformers folder.
class BaseModel : public testing::Test {
 protected:
  BaseModel() : folder_(fs::path(testing::TempDir()) / ("base_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_ / "1_Pooling");
    for (const char* name : {"model.safetensors", "tokenizer.json", "tokenizer_config.json"}) {
      fs::remove(folder_ / name);
      fs::create_symlink(golden.folder / name, folder_ / name);
    }
    std::ofstream(folder_ / "config.json")
        << std::regex_replace(test::read_text(golden.folder / "config.json"),
                              std::regex("BertForSequenceClassification"), "BertModel");
  }
  ~BaseModel() override { fs::remove_all(folder_); }

  Subject open(const std::string& pooling = "") const {
    if (!pooling.empty()) std::ofstream(folder_ / "1_Pooling" / "config.json") << pooling;
    return Subject::open(folder_);
  }

  std::string text(std::size_t index) const {
    return std::string(golden.cases[index].at("text").string());
  }
  Input both() const { return {.text = text(0), .pair = text(1)}; }

  // The mean of the last layer's rows, or the first of them.
  std::vector<double> vector_of(std::size_t index, bool first) const {
    const Tensor states = golden.expected(index, "hidden_states");
    const std::int64_t layers = states.dim(0), rows = states.dim(1), hidden = states.dim(2);
    const std::vector<double> all = states.to_vector<double>();
    const double* last = all.data() + (layers - 1) * rows * hidden;
    std::vector<double> vector(static_cast<std::size_t>(hidden), 0.0);
    for (std::int64_t r = 0; r < (first ? 1 : rows); ++r) {
      for (std::int64_t d = 0; d < hidden; ++d) {
        vector[static_cast<std::size_t>(d)] += last[r * hidden + d];
      }
    }
    return vector;  // a mean up to its length, which does not matter here
  }
  double similarity(bool first) const {
    const std::vector<double> a = vector_of(0, first), b = vector_of(1, first);
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return ab / std::sqrt(aa * bb);
  }

  const test::Golden golden{"bert-cls"};

 private:
  fs::path folder_;
};

TEST_F(BaseModel, ComparesMeansOfTheLastLayer) {
  const Subject subject = open();
  const Prediction found = subject.predict(both());
  EXPECT_EQ(found.label, "similarity");
  EXPECT_FALSE(found.probability);
  ASSERT_EQ(found.logits.size(), 1U);
  EXPECT_NEAR(found.logits[0], similarity(false), 1e-5);
}

TEST_F(BaseModel, PoolsAsItsFolderSays) {
  EXPECT_NEAR(open(R"({"pooling_mode_cls_token": true})").predict(both()).logits[0],
              similarity(true), 1e-5);
  EXPECT_NEAR(open(R"({"pooling_mode_mean_tokens": true})").predict(both()).logits[0],
              similarity(false), 1e-5);
}

TEST_F(BaseModel, ScoresAddUpToTheChangeOfTheSimilarity) {
  const Explanation found = open().explain(both(), {.options = {{"steps", "100"}}});
  const Attribution& attribution = found.attributions[0];
  EXPECT_EQ(attribution.target, "similarity");
  EXPECT_EQ(found.score, "cosine_similarity");
  EXPECT_NEAR(attribution.value, similarity(false), 1e-5);
  EXPECT_LT(std::abs(*attribution.delta), 1e-4);
  for (const UnitInfo& unit : found.units) EXPECT_EQ(unit.side, Side::kText);
  EXPECT_EQ(*found.input.pair, text(1));
}

TEST_F(BaseModel, OcclusionIsTheChangeOfTheSimilarity) {
  const Subject subject = open();
  const Explanation found = subject.explain(both(), {.method = "occlusion"});
  EXPECT_EQ(found.attributions[0].scores.size(), found.units.size());
  // The same text twice: nothing can be hidden without a loss.
  const Explanation same =
      subject.explain({.text = text(0), .pair = text(0)}, {.method = "occlusion"});
  EXPECT_NEAR(same.attributions[0].value, 1, 1e-6);
  EXPECT_THAT(same.attributions[0].scores, testing::Each(testing::Ge(0.0F)));
}

TEST_F(BaseModel, WhatIsMissingOrMeaninglessIsRefused) {
  const Subject subject = open();
  EXPECT_EQ(error_of(Code::kInvalidArgument, [&] { subject.explain({.text = text(0)}); }),
            "[target] a single text was given to a model without head; expected a second text to "
            "compare it with. Hint: give it with --pair");
  EXPECT_THAT(error_of(Code::kUnsupported,
                       [&] {
                         subject.explain(both(), {.options = {{"score", "probability"}}});
                       }),
              HasSubstr("a model without head, which has no probabilities"));
  EXPECT_THAT(
      error_of(Code::kUnknownName, [&] { subject.explain(both(), {.targets = {"positive"}}); }),
      HasSubstr("expected predicted or similarity"));
  EXPECT_THAT(error_of(Code::kUnsupported, [&] { open(R"({"pooling_mode_max_tokens": true})"); }),
              HasSubstr("the pooling is max_tokens; expected mean_tokens, cls_token or "
                        "lasttoken"));
}

}  // namespace
}  // namespace ascribo
