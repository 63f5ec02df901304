// SPDX-License-Identifier: MIT
// What a result says besides scores, and how inputs and options lead to it.
#include "ascribo/explain/subject.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "ascribo/models/model.h"
#include "tests/explain/toy_subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Subject& bert() {
  static const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  return subject;
}

Explanation explain(const Subject& subject, const Input& input, OptionValues options = {},
                    std::vector<std::string> targets = {"predicted"},
                    const std::string& method = "integrated_gradients") {
  Request request;
  request.method = method;
  request.targets = std::move(targets);
  request.options = std::move(options);
  return subject.explain(input, request);
}

Input text(const std::string& written) {
  Input input;
  input.text = written;
  return input;
}

std::vector<std::string> unit_texts(const Explanation& found) {
  std::vector<std::string> texts;
  for (const UnitInfo& unit : found.units) texts.push_back(unit.text);
  return texts;
}

TEST(Subject, AResultSaysWhatWasExplainedAndHow) {
  Input input = text("The Café's fine");
  input.id = "7";
  input.label = "positive";
  const Explanation found = explain(bert(), input, {{"steps", "3"}, {"seed", "5"}});
  EXPECT_EQ(found.model.architecture, "BertForSequenceClassification");
  EXPECT_EQ(found.input.text, "The Café's fine");
  EXPECT_EQ(found.input.id, "7");
  EXPECT_EQ(found.input.label, "positive");
  EXPECT_EQ(found.method.name, "integrated_gradients");
  EXPECT_THAT(found.method.options,
              Contains(std::pair<std::string, OptionValue>("steps", std::int64_t{3})));
  EXPECT_THAT(found.method.options,
              Contains(std::pair<std::string, OptionValue>("rule", std::string("gauss_legendre"))));
  EXPECT_THAT(found.method.options,
              Contains(std::pair<std::string, OptionValue>("keep_special", std::string("yes"))));
  EXPECT_EQ(found.score, "logit");
  EXPECT_EQ(found.unit, "word");
  EXPECT_EQ(found.seed, 5U);
  EXPECT_EQ(found.baseline->kind, "pad");
  EXPECT_EQ(found.baseline->tokens.front(), "[CLS]");
  EXPECT_EQ(found.baseline->tokens[1], "[PAD]");
  ASSERT_EQ(found.attributions.size(), 1U);
  EXPECT_EQ(found.attributions[0].target, found.prediction.label);
  EXPECT_FLOAT_EQ(static_cast<float>(found.attributions[0].value),
                  found.prediction.logits[static_cast<std::size_t>(found.prediction.index)]);
}

TEST(Subject, UnitsShowTheTextAsItWasWritten) {
  const Explanation found = explain(bert(), text("The Café's fine"), {{"steps", "1"}});
  EXPECT_THAT(unit_texts(found), ElementsAre("The", "Café", "'", "s", "fine"));
  EXPECT_EQ(found.units[1].start, 4);
  EXPECT_EQ(found.units[1].end, 8);
  const Explanation all = explain(bert(), text("Bad."), {{"steps", "1"}, {"unit", "all_tokens"}});
  EXPECT_THAT(unit_texts(all), ElementsAre("[CLS]", "Bad", ".", "[SEP]"));
}

TEST(Subject, CostCountsTokensOfForwardsAndBackwards) {
  const Explanation found = explain(bert(), text("Bad."), {{"steps", "10"}}, {"all"});
  // 4 tokens: the text, the baseline and 10 points; 3 targets share a forward.
  EXPECT_EQ(found.cost.forward_tokens, 4 * 12);
  EXPECT_EQ(found.cost.backward_tokens, 4 * 10 * 3);
  EXPECT_GT(found.cost.seconds, 0);
}

TEST(Subject, AnInputsOwnTargetsWin) {
  Input input = text("Bad.");
  input.targets = {"#1", "positive"};
  const Explanation found = explain(bert(), input, {{"steps", "1"}}, {"negative"});
  ASSERT_EQ(found.attributions.size(), 2U);
  EXPECT_EQ(found.attributions[0].target, "neutral");
  EXPECT_EQ(found.attributions[1].index, 2);
}

TEST(Subject, VersusExplainsTheDifference) {
  const Explanation both =
      explain(bert(), text("it is not a good film."), {{"steps", "10"}}, {"positive", "negative"});
  const Explanation difference = explain(bert(), text("it is not a good film."),
                                         {{"versus", "negative"}, {"steps", "10"}}, {"positive"});
  EXPECT_EQ(difference.attributions[0].versus, "negative");
  EXPECT_NEAR(difference.attributions[0].value,
              both.attributions[0].value - both.attributions[1].value, 1e-6);
  for (std::size_t i = 0; i < both.units.size(); ++i) {
    EXPECT_NEAR(difference.attributions[0].scores[i],
                both.attributions[0].scores[i] - both.attributions[1].scores[i], 1e-6);
  }
}

TEST(Subject, LabelsCanBeGiven) {
  const Subject subject =
      Subject::open(test::golden_folder() / "bert-cls", {.labels = {"bad", "so-so", "good"}});
  const Explanation found = explain(subject, text("Bad."), {{"steps", "1"}}, {"so-so"});
  EXPECT_EQ(found.attributions[0].index, 1);
  EXPECT_THAT(subject.labels(), ElementsAre("bad", "so-so", "good"));
}

TEST(Subject, TokenIdsAreUsedAsTheyAre) {
  Input ids;
  ids.input_ids = {2, 555, 9, 3};
  const Explanation from_ids = explain(bert(), ids, {{"unit", "token"}});
  const Explanation from_text = explain(bert(), text("Bad."), {{"unit", "token"}});
  EXPECT_EQ(from_ids.attributions[0].scores, from_text.attributions[0].scores);
  EXPECT_EQ(from_ids.attributions[0].special, from_text.attributions[0].special);
  EXPECT_EQ(from_ids.input.text, "bad .");
  EXPECT_THAT(unit_texts(from_ids), ElementsAre("bad", "."));
  EXPECT_THAT(explain(bert(), ids).notes,
              ElementsAre("input_ids do not say what a word is: each token is a unit"));
}

TEST(Subject, LongTextsAreCutWhenAskedTo) {
  std::string words = "good";
  for (int i = 0; i < 100; ++i) words += " film";
  const Explanation found = explain(bert(), text(words), {{"truncate", "yes"}, {"steps", "1"}});
  EXPECT_EQ(found.tokens.size(), 80U);
  EXPECT_EQ(found.input.text, words);
  EXPECT_THAT(found.notes,
              ElementsAre("truncated: the last 23 of 101 tokens of the text are left out"));
}

TEST(Subject, LostSignsAreSaid) {
  EXPECT_THAT(explain(bert(), text("Bad."), {}, {"all"}, "saliency").notes,
              ElementsAre("scores are unsigned (reduce l2): they tell how much, not in which "
                          "direction"));
  EXPECT_THAT(explain(bert(), text("Bad."), {{"reduce", "sum"}}, {"all"}, "saliency").notes,
              IsEmpty());
}

TEST(Subject, ABaselineThatEqualsTheTextIsSaid) {
  const Explanation found =
      explain(bert(), text("Bad bad"), {{"steps", "2"}, {"baseline", "token:555"}});
  EXPECT_THAT(found.notes, Contains("the baseline equals the text; every score is 0"));
  EXPECT_EQ(found.attributions[0].delta, 0);
}

TEST(Subject, DisplayOptionsTravelWithTheResult) {
  const Explanation found =
      explain(bert(), text("Bad."), {{"normalize", "max"}, {"sort", "yes"}, {"steps", "1"}});
  EXPECT_EQ(found.normalize, "max");
  EXPECT_TRUE(found.sort);
}

TEST(Subject, MultiLabelHeadsUseTheSigmoid) {
  const test::Toy toy =
      test::toy_of(test::linear_parameters(800), {"a", "b", "c"}, Problem::kMultiLabel);
  const Explanation found =
      explain(toy.subject, text("Bad."), {{"score", "probability"}}, {"all"}, "occlusion");
  for (const Attribution& attribution : found.attributions) {
    const double logit = found.prediction.logits[static_cast<std::size_t>(attribution.index)];
    EXPECT_NEAR(attribution.value, 1 / (1 + std::exp(-logit)), 1e-6);
  }
}

TEST(Subject, RegressionsHaveNoProbability) {
  toys::LinearModel::Parameters parameters = test::linear_parameters(800);
  parameters.weight.resize(1);
  parameters.bias.resize(1);
  const test::Toy toy = test::toy_of(std::move(parameters), {"LABEL_0"}, Problem::kRegression);
  const Explanation found = explain(toy.subject, text("Bad."));
  EXPECT_FALSE(found.prediction.probability);
  EXPECT_NEAR(found.attributions[0].value, found.prediction.logits[0], 1e-6);
}

TEST(Subject, ServesSeveralThreadsAtOnce) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  const std::vector<std::string> texts = {"it is not a good film.", "Bad."};
  std::vector<Explanation> found(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < found.size(); ++i) {
    threads.emplace_back([&, i] { found[i] = explain(subject, text(texts[i % 2])); });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].attributions[0].scores,
              explain(bert(), text(texts[i % 2])).attributions[0].scores);
  }
}

TEST(Subject, ShippedModelsAreFoundByName) {
  const std::filesystem::path folder = default_model();
  EXPECT_TRUE(std::filesystem::exists(folder / "config.json"));
  EXPECT_EQ(find_model("sst2-minilm"), folder);
  EXPECT_EQ(find_model(test::golden_folder() / "bert-cls"), test::golden_folder() / "bert-cls");
}

TEST(Subject, ModelsAreFoundWhereTheVariableSays) {
  setenv("ASCRIBO_MODELS", test::golden_folder().c_str(), 1);
  EXPECT_EQ(find_model("bert-cls"), test::golden_folder() / "bert-cls");
  unsetenv("ASCRIBO_MODELS");
}

TEST(Subject, ModelsOfTheHubAreFoundInItsCache) {
  namespace fs = std::filesystem;
  const fs::path hub = fs::path(testing::TempDir()) / "ascribo-hub";
  const fs::path snapshot = hub / "models--acme--tiny-bert" / "snapshots" / "c0ffee";
  fs::create_directories(snapshot.parent_path());
  fs::remove(snapshot);
  fs::create_directory_symlink(test::golden_folder() / "bert-cls", snapshot);
  setenv("HF_HUB_CACHE", hub.c_str(), 1);
  EXPECT_EQ(find_model("acme/tiny-bert"), snapshot);
  EXPECT_EQ(Subject::open(find_model("acme/tiny-bert@c0ffee")).labels().size(), 3U);
  unsetenv("HF_HUB_CACHE");
  fs::remove_all(hub);
}

}  // namespace
}  // namespace ascribo
