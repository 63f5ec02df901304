// SPDX-License-Identifier: MIT
// What config.json says about labels, scores and activations, in old and new styles.
#include "ascribo/models/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/models/rewritten_checkpoint.h"

namespace ascribo::test {
namespace {

Json config(const std::string& text) { return Json::parse(text, "config.json"); }

TEST(ConfigLabels, InTheOrderOfTheirNumbers) {
  const Json json = config(
      R"({"id2label": {"10": "k", "2": "c", "0": "a", "1": "b", "3": "d", "4": "e", "5": "f",
          "6": "g", "7": "h", "8": "i", "9": "j"}})");
  EXPECT_THAT(config_labels(json, 11, "classifier.weight"),
              testing::ElementsAre("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"));
}

TEST(ConfigLabels, NumbersAsNames) {
  EXPECT_THAT(config_labels(config(R"({"id2label": {"0": 1, "1": 5}})"), 2, "w"),
              testing::ElementsAre("1", "5"));
}

TEST(ConfigLabels, MadeUpWhereTheConfigNamesNone) {
  const auto expected = testing::ElementsAre("LABEL_0", "LABEL_1");
  EXPECT_THAT(config_labels(config("{}"), 2, "w"), expected);
  EXPECT_THAT(config_labels(config(R"({"id2label": null, "num_labels": 2})"), 2, "w"), expected);
}

TEST(ConfigProblem, SaysWhatScoresMean) {
  const auto problem = [](const std::string& type) {
    return config_problem(config("{\"problem_type\": " + type + "}"));
  };
  EXPECT_EQ(problem("\"regression\""), Problem::kRegression);
  EXPECT_EQ(problem("\"multi_label_classification\""), Problem::kMultiLabel);
  EXPECT_EQ(problem("\"single_label_classification\""), Problem::kSingleLabel);
  EXPECT_EQ(problem("null"), Problem::kSingleLabel);
  EXPECT_EQ(config_problem(config("{}")), Problem::kSingleLabel);
}

// One output is a regression only if the config says so; else it is one label's yes or no.
TEST(ConfigProblem, OneOutput) {
  Rewritten checkpoint("bert-cls");
  checkpoint.tensors["classifier.weight"] = zeros("F32", {1, 32});
  checkpoint.tensors["classifier.bias"] = zeros("F32", {1});
  checkpoint.drop_from_config("id2label");
  auto model = checkpoint.open();
  EXPECT_EQ(model->info().problem, Problem::kSingleLabel);
  EXPECT_THAT(model->info().labels, testing::ElementsAre("LABEL_0"));
  checkpoint.add_to_config("\"problem_type\": \"regression\"");
  model = checkpoint.open();
  EXPECT_EQ(model->info().problem, Problem::kRegression);
}

TEST(ConfigFields, DefaultsAreThoseOfTransformers) {
  const Json json = config(R"({"present": 3, "null": null})");
  EXPECT_EQ(config_size(json, "present", 7), 3);
  EXPECT_EQ(config_size(json, "absent", 7), 7);
  EXPECT_EQ(config_size(json, "null", 7), 7);
  EXPECT_EQ(config_activation(json, "hidden_act", "gelu"), Activation::kGelu);
}

TEST(ConfigFields, EveryActivationIsKnownByItsName) {
  for (const std::string& name : activation_names()) {
    const Json json = config("{\"hidden_act\": \"" + name + "\"}");
    EXPECT_EQ(config_activation(json, "hidden_act", "relu"), find_activation(name)) << name;
  }
  EXPECT_EQ(config_activation(config(R"({"activation": "silu"})"), "activation", "gelu"),
            Activation::kSilu);
}

}  // namespace
}  // namespace ascribo::test
