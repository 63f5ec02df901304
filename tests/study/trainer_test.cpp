// SPDX-License-Identifier: MIT
// Steps of training against those of transformers' Trainer, and what a step may not depend on.
#include "ascribo/study/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ascribo/base/error.h"
#include "ascribo/base/threads.h"
#include "ascribo/explain/inputs/sequence.h"
#include "ascribo/study/schedule.h"
#include "ascribo/tensor/pool.h"
#include "tests/golden.h"

namespace ascribo::test {
namespace {

using testing::StartsWith;

/// Rows in which one token decides: label 1 where it is 7.
std::vector<Example> toy_examples(const ModelInfo& info, std::int64_t count) {
  std::vector<Example> examples;
  for (std::int64_t n = 0; n < count; ++n) {
    Example example;
    const std::int64_t length = 3 + n * 5 % 7;
    for (std::int64_t i = 0; i < length; ++i) {
      example.sequence.ids.push_back(10 + (n * 3 + i) % 20);
    }
    example.labels = {n % 2};
    example.sequence.ids[1] = n % 2 == 1 ? 7 : 8;
    example.sequence.positions = number_positions(example.sequence.ids, info);
    example.sequence.type_ids.assign(example.sequence.ids.size(), 0);
    examples.push_back(std::move(example));
  }
  return examples;
}

TrainableModel open_toy() {
  return TrainableModel::open(golden_folder() / "bert-cls", {.labels = {"no", "yes"}});
}

std::vector<float> all_weights(const TrainableModel& model) {
  std::vector<float> all;
  for (const Parameter& each : model.parameters()) {
    const std::vector<float> values = each.value.to_vector<float>();
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

class TrainerRecord : public testing::TestWithParam<const char*> {};

// The Trainer's own sampler is random: its rows were fed in their order, so ours are, too.
TEST_P(TrainerRecord, LossesAndWeightsAreTheTrainers) {
  const std::filesystem::path file =
      golden_folder() / "training" / (std::string(GetParam()) + ".json");
  const Json record = Json::parse(read_text(file), file.string());
  const std::filesystem::path folder = golden_folder() / GetParam();
  const ModelInfo info = Model::open(folder)->info();
  const bool words = info.head == HeadKind::kCausalLanguageModel;
  TrainableModel model = TrainableModel::open(folder, {.kind = info.head, .labels = info.labels});
  std::vector<Example> examples;
  record.at("texts").elements([&](const Json& text) {
    Example example;
    text.elements([&](const Json& id) { example.sequence.ids.push_back(id.integer()); });
    const std::vector<std::int64_t>& ids = example.sequence.ids;
    example.sequence.positions = number_positions(ids, info);
    example.sequence.type_ids.assign(ids.size(), 0);
    for (std::size_t i = 1; words && i < ids.size(); ++i) {
      example.sequence.reads.push_back(static_cast<std::int64_t>(i) - 1);
      example.labels.push_back(ids[i]);
    }
    examples.push_back(std::move(example));
  });
  std::size_t row = 0;
  record.at("labels").elements(
      [&](const Json& label) { examples[row++].labels = {label.integer()}; });
  TrainingOptions options;
  options.max_steps = record.at("steps").integer();
  options.batch = record.at("batch").integer();
  options.learning_rate = record.at("learning_rate").number();
  options.weight_decay = record.at("weight_decay").number();
  options.warmup = record.at("warmup").number();
  options.dropout = false;
  options.shuffle = false;
  Trainer trainer(model, examples, words ? Objective::kNextToken : Objective::kLabel, options);
  std::size_t step = 0;
  record.at("losses").elements([&](const Json& loss) {
    const StepReport report = trainer.step();
    EXPECT_NEAR(report.loss, loss.number(), 1e-4 * loss.number()) << "step " << report.step;
    EXPECT_NEAR(report.learning_rate, record.at("learning_rates").at(step).number(), 1e-15);
    const double length = record.at("gradient_lengths").at(step++).number();
    EXPECT_NEAR(report.gradient_length, length, 1e-3 * length) << "step " << report.step;
  });
  for (const Parameter& each : model.parameters()) {
    const auto found = record.at("weights").find(each.name);
    ASSERT_TRUE(found) << each.name;
    double square = 0;
    for (const double value : each.value.to_vector<double>()) square += value * value;
    const double norm = found->at(std::size_t{1}).number();
    EXPECT_NEAR(std::sqrt(square), norm, 1e-3 * norm + 1e-4) << each.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Models, TrainerRecord,
                         testing::Values("bert-cls", "electra-cls", "distilbert-cls", "roberta-cls",
                                         "gpt2-lm"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Trainer, LearnsWhatDecides) {
  TrainableModel model = open_toy();
  const std::vector<Example> examples = toy_examples(model.model().info(), 64);
  TrainingOptions options;
  options.learning_rate = 3e-3;
  options.epochs = 12;
  Trainer trainer(model, examples, Objective::kLabel, options);
  EXPECT_EQ(trainer.steps(), 96);
  const double before = trainer.evaluate(examples).loss;
  while (trainer.done() < trainer.steps()) trainer.step();
  const ModelScores after = trainer.evaluate(examples);
  EXPECT_LT(after.loss, before / 4);
  EXPECT_EQ(after.scores.front().first, "accuracy");
  EXPECT_GT(after.scores.front().second, 0.95);
}

TEST(Trainer, BitsDoNotDependOnThreadsNorOnWhatRunsAtOnce) {
  const auto weights = [](int threads, std::int64_t batch_tokens) {
    set_threads(threads);
    TrainableModel model = open_toy();
    const std::vector<Example> examples = toy_examples(model.model().info(), 20);
    TrainingOptions options;
    options.batch_tokens = batch_tokens;
    options.max_steps = 4;
    Trainer trainer(model, examples, Objective::kLabel, options);
    while (trainer.done() < trainer.steps()) trainer.step();
    set_threads(0);
    return all_weights(model);
  };
  const std::vector<float> alone = weights(1, 8192);
  EXPECT_EQ(weights(3, 8192), alone);
  const std::vector<float> parts = weights(1, 16);  // other dropout, other order of sums
  EXPECT_EQ(weights(4, 16), parts);
}

/// Weights after a step of the model that ships, and the most bytes that tensors took meanwhile.
std::vector<float> weights_within(std::int64_t memory, std::int64_t& peak) {
  TrainableModel model =
      TrainableModel::open(source_folder() / "models" / "sst2-minilm",
                           {.kind = HeadKind::kSequenceClassification, .labels = {"no", "yes"}});
  std::vector<Example> examples(16);
  for (std::size_t n = 0; n < examples.size(); ++n) {
    Example& example = examples[n];
    for (std::size_t i = 0; i < 64 - n; ++i) {
      example.sequence.ids.push_back(static_cast<std::int64_t>(1000 + 97 * n + 31 * i));
      example.sequence.positions.push_back(static_cast<std::int64_t>(i));
      example.sequence.type_ids.push_back(0);
    }
    example.labels = {static_cast<std::int64_t>(n % 2)};
  }
  TrainingOptions options;
  options.batch = 16;
  options.max_steps = 1;
  options.frozen = {"embeddings"};
  options.memory = memory;
  Trainer trainer(model, examples, Objective::kLabel, options);
  pool_reset_peak();
  trainer.step();
  peak = static_cast<std::int64_t>(pool_statistics().peak);
  return all_weights(model);
}

// Layers run again where memory is short: the same bits, dropout included, with less of it.
TEST(Trainer, ABudgetOfMemoryChangesNoBit) {
  std::int64_t most = 0, least = 0, between = 0;
  const std::vector<float> kept = weights_within(0, most);
  EXPECT_EQ(weights_within(211, least), kept);
  // Room for some of the six layers.
  const std::int64_t budget = ((least + most) / 2) >> 20;
  EXPECT_EQ(weights_within(budget, between), kept);
  EXPECT_LE(between, budget << 20);
  EXPECT_LE(least, between);
  EXPECT_LT(least, most * 15 / 16);
  EXPECT_THROW(weights_within(200, least), Error);
}

TEST(Trainer, PartsOfABatchAddUpToIt) {
  const auto report = [](std::int64_t batch_tokens) {
    TrainableModel model = open_toy();
    const std::vector<Example> examples = toy_examples(model.model().info(), 8);
    TrainingOptions options;
    options.batch_tokens = batch_tokens;
    options.dropout = false;
    options.max_steps = 1;
    return Trainer(model, examples, Objective::kLabel, options).step();
  };
  const StepReport whole = report(8192), parts = report(10);
  EXPECT_NEAR(parts.loss, whole.loss, 1e-6 * whole.loss);
  EXPECT_NEAR(parts.gradient_length, whole.gradient_length, 1e-5 * whole.gradient_length);
}

TEST(Trainer, BatchesOfAStepAddUpToOne) {
  const auto report = [](std::int64_t batch, std::int64_t accumulate) {
    TrainableModel model = open_toy();
    const std::vector<Example> examples = toy_examples(model.model().info(), 24);
    TrainingOptions options;
    options.batch = batch;
    options.accumulate = accumulate;
    options.dropout = false;
    Trainer trainer(model, examples, Objective::kLabel, options);
    EXPECT_EQ(trainer.steps_per_epoch(), 3);
    return trainer.step();
  };
  const StepReport one = report(8, 1), four = report(2, 4);
  EXPECT_NEAR(four.loss, one.loss, 1e-6);
  EXPECT_NEAR(four.gradient_length, one.gradient_length, 1e-5 * one.gradient_length);
}

// Label 1 is on one row of four: it counts 4 / (2 * 1), the others 4 / (2 * 3).
TEST(Trainer, RowsOfRareLabelsCountMore) {
  TrainableModel model = open_toy();
  std::vector<Example> examples = toy_examples(model.model().info(), 4);
  examples[3].labels = {0};
  TrainingOptions options;
  options.batch = 4;
  options.dropout = false;
  Trainer plain(model, examples, Objective::kLabel, options);
  double expected = 0;
  for (std::size_t n = 0; n < 4; ++n) {
    expected += (n == 1 ? 2 : 2.0 / 3) * plain.evaluate({examples[n]}).loss / 4;
  }
  options.class_weights = true;
  Trainer weighted(model, examples, Objective::kLabel, options);
  EXPECT_NEAR(weighted.step().loss, expected, 1e-6);
}

TEST(Trainer, FrozenWeightsStay) {
  TrainableModel model = open_toy();
  const std::vector<Example> examples = toy_examples(model.model().info(), 8);
  const TrainableModel before = open_toy();
  TrainingOptions options;
  options.frozen = {"embeddings", "layer:0"};
  options.max_steps = 2;
  Trainer trainer(model, examples, Objective::kLabel, options);
  trainer.step();
  trainer.step();
  for (std::size_t n = 0; n < before.parameters().size(); ++n) {
    const std::string& name = before.parameters()[n].name;
    const bool stays =
        name.find("embeddings") != std::string::npos || name.find("layer.0.") != std::string::npos;
    const bool moved = model.parameters()[n].value.to_vector<float>() !=
                       before.parameters()[n].value.to_vector<float>();
    EXPECT_EQ(moved, !stays) << name;
  }
}

TEST(Trainer, StopsWhereTheLossIsNoNumber) {
  TrainableModel model = open_toy();
  const std::vector<Example> examples = toy_examples(model.model().info(), 16);
  model.parameters().back().value.mutable_data<float>()[0] = NAN;
  model.refresh();
  Trainer trainer(model, examples, Objective::kLabel, {});
  try {
    trainer.step();
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "[train] the loss at step 1 is no number any more; expected one that gets "
                 "smaller. Hint: a smaller learning rate, or a longer warm-up");
  }
}

TEST(Trainer, RefusesWhatItCannotUse) {
  TrainableModel model = open_toy();
  const std::vector<Example> examples = toy_examples(model.model().info(), 4);
  const auto message = [&](const TrainingOptions& options) {
    try {
      const Trainer trainer(model, examples, Objective::kLabel, options);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message({.batch = 0}), "[train] batch is 0; expected at least 1.");
  EXPECT_EQ(message({.memory = -1}),
            "[train] memory is -1; expected a number of megabytes, or 0 for any.");
  EXPECT_EQ(message({.max_steps = -1}),
            "[train] max_steps is -1; expected a number of steps, or 0 to go by epochs.");
  EXPECT_EQ(message({.learning_rate = 0}),
            "[train] learning_rate is 0.000000; expected a number above 0.");
  EXPECT_EQ(message({.label_smoothing = 1}),
            "[train] label_smoothing is 1.000000; expected 0 to below 1.");
  EXPECT_THAT(message({.frozen = {"bert.encodr"}}),
              StartsWith("[train] nothing is called \"bert.encodr\" to be frozen; expected "
                         "embeddings, layer:N or the beginning of a weight's name"));
  EXPECT_EQ(message({.frozen = {"bert", "classifier"}}),
            "[train] every weight is frozen; expected some that are left to learn.");
}

TEST(Schedule, RisesThenFalls) {
  TrainingOptions options{.learning_rate = 1, .warmup = 2};
  EXPECT_EQ(learning_rate_at(0, 10, options), 0);
  EXPECT_EQ(learning_rate_at(1, 10, options), 0.5);
  EXPECT_EQ(learning_rate_at(2, 10, options), 1);
  EXPECT_EQ(learning_rate_at(6, 10, options), 0.5);
  EXPECT_EQ(learning_rate_at(10, 10, options), 0);
  options.schedule = Schedule::kCosine;
  EXPECT_NEAR(learning_rate_at(4, 10, options), 0.5 * (1 + std::cos(std::numbers::pi / 4)), 1e-15);
  options.schedule = Schedule::kConstant;
  EXPECT_EQ(learning_rate_at(9, 10, options), 1);
  options.warmup = 0.2;  // of all steps
  EXPECT_EQ(learning_rate_at(1, 10, options), 0.5);
}

}  // namespace
}  // namespace ascribo::test
