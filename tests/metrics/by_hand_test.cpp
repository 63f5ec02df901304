// SPDX-License-Identifier: MIT
// Every metric on models small enough that its answer can be worked out on paper.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/metrics/toys.h"

namespace ascribo {
namespace {

using test::as_listed;
using test::judge_scores;
using test::sigmoid2;

// "good film": p(both) = s(3), without good s(1), without film s(2), without both s(0).
class ByHand : public testing::Test {
 protected:
  const test::Toy toy = test::two_word_toy();
  Measure judge(const std::string& metric, std::vector<double> scores,
                const Input& input = {.text = "good film"}) const {
    return judge_scores(toy.subject, input, metric, as_listed(std::move(scores)),
                        {{"score", "logit"}});
  }
  const double both_ = sigmoid2(3), film_ = sigmoid2(1), good_ = sigmoid2(2), none_ = sigmoid2(0);
};

void expect_curve(const Measure& found, const std::vector<double>& curve) {
  ASSERT_EQ(found.targets.size(), 1u);
  ASSERT_EQ(found.targets[0].curve.size(), curve.size());
  for (std::size_t i = 0; i < curve.size(); ++i) {
    EXPECT_NEAR(found.targets[0].curve[i], curve[i], 1e-6);
  }
}

TEST_F(ByHand, DeletionAndInsertion) {
  const Measure deletion = judge("deletion", {2, 1});
  expect_curve(deletion, {both_, film_, none_});
  EXPECT_NEAR(deletion.value, (both_ / 2 + film_ + none_ / 2) / 2, 1e-6);
  const Measure insertion = judge("insertion", {2, 1});
  expect_curve(insertion, {none_, good_, both_});
  EXPECT_NEAR(insertion.value, (none_ / 2 + good_ + both_ / 2) / 2, 1e-6);
  expect_curve(judge("deletion", {1, 2}), {both_, good_, none_});
  expect_curve(judge("deletion:share=0.5", {2, 1}), {both_, film_});
  expect_curve(judge("deletion:points=1", {2, 1}), {both_, none_});
  expect_curve(judge("deletion:score=logit", {2, 1}), {3, 1, 0});
  expect_curve(judge("deletion:score=explained", {2, 1}), {3, 1, 0});
}

TEST_F(ByHand, TiesKeepTheOrderOfTheText) {
  expect_curve(judge("deletion", {1, 1}), {both_, film_, none_});
}

TEST_F(ByHand, ComprehensivenessAndSufficiencyByTheirDefinitions) {
  // With two units every bin up to one half is one unit.
  const std::string masked = ":replace=mask";
  EXPECT_NEAR(judge("comprehensiveness" + masked, {2, 1}).value, both_ - film_, 1e-6);
  EXPECT_NEAR(judge("sufficiency" + masked, {2, 1}).value, both_ - good_, 1e-6);
  EXPECT_NEAR(judge("comprehensiveness:definition=alti" + masked, {2, 1}).value,
              (both_ - film_) * 5 / 6, 1e-6);
  // ferret: thresholds up to 0.4 take no unit, those up to 0.9 one, the last both: two sets.
  EXPECT_NEAR(judge("comprehensiveness:definition=ferret" + masked, {2, 1}).value,
              ((both_ - film_) + (both_ - none_)) / 2, 1e-6);
  // Only positive scores count: one set, or none.
  EXPECT_NEAR(judge("comprehensiveness:definition=ferret" + masked, {2, -1}).value, both_ - film_,
              1e-6);
  EXPECT_EQ(judge("comprehensiveness:definition=ferret" + masked, {-2, -1}).value, 0);
  EXPECT_NEAR(judge("comprehensiveness:bins=0.5 1" + masked, {2, 1}).value,
              ((both_ - film_) + (both_ - none_)) / 2, 1e-6);
  expect_curve(judge("sufficiency:one_by_one=30" + masked, {2, 1}), {none_, good_, both_});
}

TEST_F(ByHand, DeletedWordsMoveWhatFollows) {
  // Without "good", "film" stands at 1 and weighs 1.125 / 1.25.
  EXPECT_NEAR(judge("comprehensiveness", {2, 1}).value, both_ - sigmoid2(0.9), 1e-6);
}

TEST_F(ByHand, AMonotoneScoreDoesNotRecover) {
  // The wrong order first loses 1, then 2; shown from nothing it never falls.
  expect_curve(judge("comprehensiveness:one_by_one=3:monotone=yes:replace=mask", {1, 2}),
               {both_, good_, none_});
  const Measure found = judge("sufficiency:bins=1 0.5:monotone=yes:replace=mask", {2, 1});
  expect_curve(found, {both_, both_});
}

TEST_F(ByHand, Infidelity) {
  EXPECT_NEAR(judge("infidelity", {2, 1}).value, 0, 1e-10);
  EXPECT_NEAR(judge("infidelity:normalize=yes", {20, 10}).value, 0, 1e-8);
  // Scores of zero say that nothing is lost: the mean square of losses 0, 1, 2 and 3.
  EXPECT_NEAR(judge("infidelity:samples=4000", {0, 0}).value, 14.0 / 4, 0.2);
}

TEST_F(ByHand, LeaveOneOut) {
  const std::string options = ":replace=mask:score=logit";
  EXPECT_NEAR(judge("leave_one_out" + options, {2, 1}).value, 1, 1e-9);
  EXPECT_NEAR(judge("leave_one_out" + options, {1, 2}).value, -1, 1e-9);
  EXPECT_NEAR(judge("leave_one_out:correlation=spearman" + options, {1, 2}).value, -1, 1e-9);
  EXPECT_EQ(judge("leave_one_out" + options, {1, 1}).value, 0);
}

TEST_F(ByHand, ComplexityAndSparseness) {
  EXPECT_NEAR(judge("complexity", {2, -2}).value, std::log(2), 1e-6);
  EXPECT_NEAR(judge("complexity", {2, 0}).value, 0, 1e-6);
  EXPECT_NEAR(judge("complexity", {3, 1}).value, -0.75 * std::log(0.75) - 0.25 * std::log(0.25),
              1e-6);
  EXPECT_NEAR(judge("complexity", {0, 0}).value, std::log(2), 1e-6);
  EXPECT_NEAR(judge("sparseness", {2, -2}).value, 0, 1e-6);
  EXPECT_NEAR(judge("sparseness", {2, 0}).value, 0.5, 1e-6);
  EXPECT_NEAR(judge("sparseness", {3, 1}).value, 0.25, 1e-6);
}

TEST_F(ByHand, Completeness) {
  const Input input{.text = "good film"};
  const Evaluation found = evaluate(toy.subject, input, {.method = "integrated_gradients"},
                                    {parse_metric("completeness")});
  EXPECT_LT(found.metrics.at(0)[0]->value, 1e-5);
  EXPECT_FALSE(found.metrics.at(0)[1]);
}

TEST_F(ByHand, Plausibility) {
  Input input{.text = "good film"};
  input.rationale = {{"", Side::kText, 0, 4}};
  // The marked word first: precision 1 at recall 1. Last: 0 at recall 0, one half at recall 1.
  EXPECT_NEAR(judge("plausibility_auprc", {2, 1}, input).value, 1, 1e-9);
  EXPECT_NEAR(judge("plausibility_auprc", {1, 2}, input).value, 0.25, 1e-9);
  EXPECT_NEAR(judge("plausibility_auprc", {1, 1}, input).value, 0.75, 1e-9);
  EXPECT_NEAR(judge("plausibility_f1", {2, 1}, input).value, 2.0 / 3, 1e-9);
  EXPECT_NEAR(judge("plausibility_f1:top=1", {2, 1}, input).value, 1, 1e-9);
  EXPECT_NEAR(judge("plausibility_f1", {-2, 1}, input).value, 0, 1e-9);
  EXPECT_NEAR(judge("plausibility_iou", {2, 1}, input).value, 0.5, 1e-9);
  EXPECT_NEAR(judge("plausibility_iou", {2, -1}, input).value, 1, 1e-9);
}

TEST_F(ByHand, SensitivityOfALinearModelIsThatOfTheInput) {
  // Input x gradient of a linear model: scores are weights times embeddings, so that they change by
  // weights times noise; 1.125 and 1.25 are the positions' weights.
  const Evaluation found =
      evaluate(toy.subject, {.text = "good film"}, {.method = "input_x_gradient"},
               {parse_metric("sensitivity_max:radius=0.01")});
  const double most = 0.01 * std::hypot(1.125, 1.25) / std::hypot(2, 1);
  EXPECT_GT(found.metrics.at(0)[0]->value, 0.3 * most);
  EXPECT_LT(found.metrics.at(0)[0]->value, most);
}

}  // namespace
}  // namespace ascribo
