// SPDX-License-Identifier: MIT
// Gradients of every weight of every architecture, against differences of the loss; and models that
// take another head.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ascribo/base/error.h"
#include "ascribo/base/threads.h"
#include "ascribo/models/architecture.h"
#include "ascribo/models/training/trainable_model.h"
#include "tests/models/models_under_test.h"

namespace ascribo::test {
namespace {

/// Texts that meet every kind of row: some tokens twice, two types where there are any.
Batch some_batch(const ModelInfo& info) {
  const std::int64_t first = info.padding_position ? *info.padding_position + 1 : 0;
  Batch batch;
  for (const std::int64_t length : {7, 1, 12}) {
    Sequence sequence;
    for (std::int64_t i = 0; i < length; ++i) {
      sequence.ids.push_back((5 + 3 * i * i) % info.vocab);
      sequence.positions.push_back(first + i);
      sequence.type_ids.push_back(info.type_vocab > 1 && 2 * i > length ? 1 : 0);
    }
    batch.append(sequence);
  }
  return batch;
}

/// A number that depends on every logit, and the direction it is the sum along.
Tensor direction(const Tensor& logits) {
  std::vector<double> values(static_cast<std::size_t>(logits.numel()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(1 + std::sin(0.9 * static_cast<double>(i)));
  }
  return Tensor::from<double>(values, {1, logits.dim(0), logits.dim(1)}).to(logits.dtype());
}

double loss(const TrainableModel& trained, const Batch& batch) {
  const std::vector<double> logits = logits_of(trained.model(), batch).to_vector<double>();
  const Tensor along = direction(logits_of(trained.model(), batch));
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) sum += logits[i] * along.data<double>()[i];
  return sum;
}

std::vector<Tensor> gradients(const TrainableModel& trained, const Batch& batch,
                              std::size_t most_bytes = 0, std::uint64_t dropout = 0) {
  std::vector<Tensor> weights;
  for (const Parameter& each : trained.parameters()) weights.push_back(each.value);
  ascribo::Run run;
  run.watch_parameters(weights);
  run.recompute_above(most_bytes);
  if (dropout > 0) run.drop_out(dropout);
  const Variable logits = trained.model().forward(batch, run);
  return run.parameter_gradients(logits, direction(logits.value()));
}

WantedHead own_head(const std::filesystem::path& folder) {
  const ModelInfo info = Model::open(folder)->info();
  WantedHead head{.kind = info.head, .problem = info.problem};
  const bool labelled =
      info.head == HeadKind::kSequenceClassification || info.head == HeadKind::kTokenClassification;
  if (labelled) head.labels = info.labels;
  return head;
}

std::vector<std::string> checkpoints() {
  std::vector<std::string> names;
  for (const Architecture* each : architectures()) {
    names.push_back(golden_of(each->model_types.front()));
  }
  for (const char* each :
       {"deberta-v2-convolution", "deberta-v2-own-keys", "deberta-v2-one-way", "albert-groups",
        "gemma-biases", "opt-projected", "gpt-neox-tied", "bloom-six-heads", "modernbert-qa"}) {
    names.push_back("agreement/" + std::string(each));
  }
  for (const char* each : {"bert-ner", "roberta-mlm", "distilbert-qa", "gpt2-lm"}) {
    names.emplace_back(each);
  }
  return names;
}

class Training : public testing::TestWithParam<std::string> {
 protected:
  ~Training() override { set_threads(0); }
  std::filesystem::path folder() const { return golden_folder() / GetParam(); }
  TrainableModel open(Dtype compute) const {
    return TrainableModel::open(folder(), own_head(folder()), compute);
  }
};

TEST_P(Training, EveryWeightsGradientEqualsDifferences) {
  set_threads(1);  // a thousand small runs, which threads would only wait for each other in
  TrainableModel trained = open(Dtype::kF64);
  const Batch batch = some_batch(trained.model().info());
  const std::vector<Tensor> found = gradients(trained, batch);
  for (std::size_t n = 0; n < found.size(); ++n) {
    Parameter& parameter = trained.parameters()[n];
    EXPECT_FALSE(parameter.fresh) << parameter.name;
    const double* slopes = found[n].data<double>();
    const std::int64_t count = parameter.value.numel();
    const std::int64_t steepest =
        std::max_element(slopes, slopes + count,
                         [](double a, double b) { return std::abs(a) < std::abs(b); }) -
        slopes;
    for (const std::int64_t at : {steepest, count / 3}) {
      double& weight = parameter.value.mutable_data<double>()[at];
      const double before = weight;
      constexpr double kStep = 1e-5;
      double sides[2];
      for (const int side : {0, 1}) {
        weight = before + (side == 0 ? -kStep : kStep);
        trained.refresh();
        sides[side] = loss(trained, batch);
      }
      weight = before;
      const double expected = (sides[1] - sides[0]) / (2 * kStep);
      ASSERT_NEAR(slopes[at], expected, 2e-6 * (1 + std::abs(expected)))
          << parameter.name << " at " << at;
    }
  }
}

TEST_P(Training, FloatGradientsAgreeWithDoubleWhateverTheThreads) {
  const TrainableModel trained = open(Dtype::kF32), exact = open(Dtype::kF64);
  const Batch batch = some_batch(trained.model().info());
  const std::vector<Tensor> expected = gradients(exact, batch);
  set_threads(1);
  const std::vector<Tensor> alone = gradients(trained, batch);
  set_threads(3);
  const std::vector<Tensor> together = gradients(trained, batch);
  double largest = 0;  // a key's bias has gradients that are 0 but for rounding
  for (const Tensor& each : expected) {
    for (const double value : each.to_vector<double>())
      largest = std::max(largest, std::abs(value));
  }
  for (std::size_t n = 0; n < alone.size(); ++n) {
    const std::string& name = trained.parameters()[n].name;
    EXPECT_EQ(alone[n].to_vector<float>(), together[n].to_vector<float>()) << name;
    const auto fast = alone[n].to_vector<double>(), right = expected[n].to_vector<double>();
    for (std::size_t i = 0; i < fast.size(); ++i) {
      ASSERT_NEAR(fast[i], right[i], 1e-5 * largest) << name << " at " << i;
    }
  }
}

TEST_P(Training, LayersThatRunAgainGiveTheSameBits) {
  const TrainableModel trained = open(Dtype::kF32);
  const Batch batch = some_batch(trained.model().info());
  const std::vector<Tensor> kept = gradients(trained, batch, 0, 7);
  const std::vector<Tensor> again = gradients(trained, batch, 1, 7);
  for (std::size_t n = 0; n < kept.size(); ++n) {
    EXPECT_EQ(again[n].to_vector<float>(), kept[n].to_vector<float>())
        << trained.parameters()[n].name;
  }
}

TEST_P(Training, AnswersAsTheModelThatIsExplained) {
  const TrainableModel trained = open(Dtype::kF32);
  const auto model = Model::open(folder());
  const Batch batch = some_batch(model->info());
  EXPECT_EQ(logits_of(trained.model(), batch).to_vector<float>(),
            logits_of(*model, batch).to_vector<float>());
  EXPECT_TRUE(trained.dropped().empty());
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, Training, testing::ValuesIn(checkpoints()),
                         [](const auto& info) { return test_name(info.param); });

TEST(TrainableModel, AnotherHeadIsNewAndTheOldOneIsReported) {
  const TrainableModel trained = TrainableModel::open(
      golden_folder() / "electra-disc", {.labels = {"bad", "good", "fair"}, .seed = 7});
  EXPECT_EQ(trained.model().info().architecture, "ElectraForSequenceClassification");
  EXPECT_EQ(trained.model().info().labels, (std::vector<std::string>{"bad", "good", "fair"}));
  std::vector<std::string> fresh;
  for (const Parameter& each : trained.parameters()) {
    if (each.fresh) fresh.push_back(each.name);
  }
  EXPECT_THAT(fresh,
              testing::ElementsAre("classifier.dense.weight", "classifier.dense.bias",
                                   "classifier.out_proj.weight", "classifier.out_proj.bias"));
  EXPECT_THAT(trained.dropped(),
              testing::UnorderedElementsAre("discriminator_predictions.dense.weight",
                                            "discriminator_predictions.dense.bias",
                                            "discriminator_predictions.dense_prediction.weight",
                                            "discriminator_predictions.dense_prediction.bias"));
  const Json config = Json::parse(trained.config(), "config.json");
  EXPECT_EQ(config.at("id2label").at("2").string(), "fair");
  EXPECT_EQ(config.at("label2id").at("good").integer(), 1);
  EXPECT_EQ(config.at("problem_type").string(), "single_label_classification");
}

TEST(TrainableModel, AHeadOfAnotherSizeStartsAnewByItsSeed) {
  const auto values = [](std::uint64_t seed) {
    const TrainableModel trained = TrainableModel::open(
        golden_folder() / "bert-cls", {.labels = {"a", "b", "c", "d", "e"}, .seed = seed});
    for (const Parameter& each : trained.parameters()) {
      if (each.name == "classifier.weight") return each.value.to_vector<float>();
    }
    return std::vector<float>();
  };
  const std::vector<float> drawn = values(1);
  EXPECT_EQ(values(1), drawn);
  EXPECT_NE(values(2), drawn);
  double squares = 0;
  for (const float each : drawn) squares += each * each;
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(drawn.size())), 0.02, 0.005);
}

TEST(TrainableModel, RefusesAHeadThatTheArchitectureDoesNotHave) {
  try {
    TrainableModel::open(golden_folder() / "bert-cls", {.kind = HeadKind::kCausalLanguageModel});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kUnsupported);
    EXPECT_THAT(error.what(),
                testing::StartsWith("[train] models of type \"bert\" have no head for this task; "
                                    "expected a task for BertForSequenceClassification, "));
  }
}

TEST(TrainableModel, DropoutLeavesOutOtherValuesWithAnotherSeed) {
  const TrainableModel trained =
      TrainableModel::open(golden_folder() / "bert-cls", own_head(golden_folder() / "bert-cls"));
  const Batch batch = some_batch(trained.model().info());
  const auto logits = [&](std::uint64_t seed) {
    ascribo::Run run;
    if (seed > 0) run.drop_out(seed);
    return trained.model().forward(batch, run).value().to_vector<float>();
  };
  EXPECT_EQ(logits(1), logits(1));
  EXPECT_NE(logits(1), logits(2));
  EXPECT_NE(logits(1), logits(0));
}

}  // namespace
}  // namespace ascribo::test
