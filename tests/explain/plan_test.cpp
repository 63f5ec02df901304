// SPDX-License-Identifier: MIT
// What a plan says against what the explanation then took.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/subject.h"
#include "ascribo/tensor/pool.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

Subject::Stream stream_of(const std::vector<std::string>& texts, std::vector<Explanation>* found) {
  return {.next = [&texts, next = std::size_t{0}]() mutable -> std::optional<Input> {
            if (next == texts.size()) return std::nullopt;
            return Input{.text = texts[next++]};
          },
          .done = [found](Explanation each) { found->push_back(std::move(each)); }};
}

class PlanTest : public testing::TestWithParam<const Method*> {
 protected:
  const Subject subject = Subject::open(
      test::golden_folder() / (GetParam()->scope == Scope::kPreNorm ? "gpt2-cls" : "bert-cls"));
  const std::vector<std::string> texts = {"it is not a good film.", "Bad.", "a good, good film"};

  Request request(OptionValues options) const {
    return {
        .method = std::string(GetParam()->name), .targets = {"all"}, .options = std::move(options)};
  }

  bool has_option(const std::string& name) const {
    for (const OptionInfo& option : GetParam()->options()) {
      if (option.name == name) return true;
    }
    return false;
  }

  // Every number of the plan, text by text; fewer may run only where the plan says so.
  void expect_exact(const Request& how, bool at_most = false) const {
    std::vector<Explanation> found;
    subject.explain(stream_of(texts, &found), how);
    const Plan plan = subject.plan(stream_of(texts, nullptr), how);
    ASSERT_EQ(plan.texts.size(), texts.size());
    Cost sum;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const TextPlan& text = plan.texts[i];
      ASSERT_EQ(text.methods.size(), 1U);
      const MethodPlan& planned = text.methods.front();
      const Cost& cost = found[i].cost;
      EXPECT_EQ(planned.method, GetParam()->name);
      EXPECT_EQ(planned.at_most, at_most);
      if (at_most) {
        EXPECT_GE(planned.cost.forward_tokens, cost.forward_tokens);
        EXPECT_GE(planned.cost.backward_tokens, cost.backward_tokens);
      } else {
        EXPECT_EQ(planned.cost.forward_tokens, cost.forward_tokens);
        EXPECT_EQ(planned.cost.backward_tokens, cost.backward_tokens);
        EXPECT_EQ(planned.backwards * text.tokens, cost.backward_tokens);
      }
      EXPECT_GT(planned.cost.seconds, 0);
      EXPECT_EQ(text.input.text, texts[i]);
      EXPECT_EQ(text.tokens, static_cast<std::int64_t>(found[i].tokens.size()));
      EXPECT_EQ(text.units, static_cast<std::int64_t>(found[i].units.size()));
      EXPECT_EQ(text.targets, static_cast<std::int64_t>(found[i].attributions.size()));
      sum.forward_tokens += planned.cost.forward_tokens;
      sum.backward_tokens += planned.cost.backward_tokens;
    }
    EXPECT_EQ(plan.total.front().cost.forward_tokens, sum.forward_tokens);
    EXPECT_EQ(plan.total.front().cost.backward_tokens, sum.backward_tokens);
    EXPECT_EQ(plan.total.front().at_most, at_most);
  }
};

TEST_P(PlanTest, CountsWhatRuns) {
  OptionValues options = {{"seed", "3"}};
  if (GetParam()->name == "integrated_gradients") options["steps"] = "9";
  expect_exact(request(options));
}

TEST_P(PlanTest, CountsOtherUnitsAndReplacements) {
  OptionValues options = {{"unit", "token"}};
  if (GetParam()->name == "integrated_gradients") options["steps"] = "3";
  if (has_option("replace")) options["replace"] = "delete";
  if (has_option("at")) options["at"] = "layer:1";
  expect_exact(request(options));
}

TEST_P(PlanTest, CountsWindows) {
  OptionValues options = {{"window", "5"}, {"stride", "2"}};
  if (GetParam()->name == "integrated_gradients") options["steps"] = "3";
  const Input text{.text = texts.front()};
  const Explanation found = subject.explain(text, request(options));
  const Plan plan = subject.plan(text, request(options));
  EXPECT_EQ(plan.total.front().cost.forward_tokens, found.cost.forward_tokens);
  EXPECT_EQ(plan.total.front().cost.backward_tokens, found.cost.backward_tokens);
}

TEST_P(PlanTest, BoundsWhatFollowsTheAnswers) {
  if (has_option("tolerance")) {
    OptionValues options = {{"tolerance", "0.001"}};
    if (has_option("of")) options["of"] = "integrated_gradients";
    expect_exact(request(options), true);
  }
  if (has_option("error")) expect_exact(request({{"error", "0.05"}}), true);
}

INSTANTIATE_TEST_SUITE_P(Methods, PlanTest, testing::ValuesIn(methods()),
                         [](const auto& info) { return std::string(info.param->name); });

TEST(PlanOfSeveral, MasksThatComeAgainCostNothing) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  const std::vector<std::string> texts = {"it is not a good film.", "not good at all"};
  const Request how = {.method = "exact_shapley,occlusion,lime"};
  std::vector<Explanation> found;
  subject.explain(stream_of(texts, &found), how);
  const Plan plan = subject.plan(stream_of(texts, nullptr), how);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const MethodPlan& planned = plan.texts[i / 3].methods[i % 3];
    EXPECT_EQ(planned.method, found[i].method.name);
    EXPECT_EQ(planned.cost.forward_tokens, found[i].cost.forward_tokens);
  }
  // The text, and each of the other 127 and 15 masks once.
  EXPECT_EQ(plan.total[0].forwards, 128 + 16);
  EXPECT_EQ(plan.total[1].forwards + plan.total[2].forwards, 0);
}

TEST(PlanOfHeads, TargetsAreThoseThatThePredictionNames) {
  for (const char* folder : {"bert-ner", "bert-qa", "bert-mlm", "bert-multilabel"}) {
    SCOPED_TRACE(folder);
    const Subject subject = Subject::open(test::golden_folder() / folder);
    Input text{.text = "it is not a good film."};
    if (folder == std::string("bert-qa")) text.pair = "the film is good.";
    if (folder == std::string("bert-mlm")) text.text = "a [MASK] film.";
    for (const char* method : {"saliency", "occlusion"}) {
      const Request how{.method = method};
      const Explanation found = subject.explain(text, how);
      const Plan plan = subject.plan(text, how);
      EXPECT_EQ(plan.texts.front().targets, static_cast<std::int64_t>(found.attributions.size()));
      EXPECT_EQ(plan.total.front().cost.forward_tokens, found.cost.forward_tokens);
      EXPECT_EQ(plan.total.front().cost.backward_tokens, found.cost.backward_tokens);
    }
  }
}

TEST(PlanErrors, AreThoseOfExplaining) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  const std::vector<std::string> texts = {"not good", ""};
  EXPECT_THROW(subject.plan(stream_of(texts, nullptr), {.method = "occlusion"}), Error);
  EXPECT_THROW(subject.plan(Input{.text = "good"}, {.method = "oclusion"}), Error);
  Subject::Stream stream = stream_of(texts, nullptr);
  std::vector<std::int64_t> failed;
  stream.failed = [&](std::int64_t number, const std::exception&) {
    failed.push_back(number);
    return true;
  };
  EXPECT_EQ(subject.plan(stream, {.method = "occlusion"}).texts.size(), 1U);
  EXPECT_EQ(failed, std::vector<std::int64_t>{1});
}

// The estimate of memory against the most that the pool held while the explanation ran.
TEST(PlanMemory, HoldsWhatARunTakes) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  std::string text;
  for (int i = 0; i < 60; ++i) text += "good ";
  for (const char* method : {"integrated_gradients", "occlusion"}) {
    SCOPED_TRACE(method);
    const Request how{.method = method};
    const Plan plan = subject.plan(Input{.text = text}, how);
    const auto planned = static_cast<double>(plan.memory.packed + plan.memory.batches);
    pool_reset_peak();
    subject.explain(Input{.text = text}, how);
    const auto peak = static_cast<double>(pool_statistics().peak);
    EXPECT_LT(peak, 1.25 * planned);
    EXPECT_GT(peak, 0.25 * planned);
    EXPECT_GT(plan.memory.weights, 0);
  }
}

}  // namespace
}  // namespace ascribo
