// SPDX-License-Identifier: MIT
// Losses against their formulas, in double precision.
#include "ascribo/study/loss.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ascribo {
namespace {

double log_of_sum(const std::vector<double>& logits) {
  double sum = 0;
  for (const double each : logits) sum += std::exp(each);
  return std::log(sum);
}

double cross_entropy(const std::vector<double>& logits, std::size_t right) {
  return log_of_sum(logits) - logits[right];
}

/// The mean loss of some examples, as a step and an evaluation have it.
double mean_loss(const LossOptions& options, const std::vector<std::vector<double>>& logits,
                 const std::vector<Example>& examples) {
  std::vector<double> all;
  for (const auto& row : logits) all.insert(all.end(), row.begin(), row.end());
  const Shape shape{static_cast<std::int64_t>(logits.size()),
                    static_cast<std::int64_t>(logits.front().size())};
  std::vector<const Example*> pointers;
  for (const Example& each : examples) pointers.push_back(&each);
  const Losses losses = losses_of(options, Variable(Tensor::from<double>(all, shape)), pointers);
  return losses.sum() / weight_of(options, pointers);
}

const std::vector<std::vector<double>> kLogits{{1.5, -0.25, 0.5}, {0, 2, -1}};

TEST(Loss, OfALabelIsItsCrossEntropy) {
  const std::vector<Example> examples{{.labels = {2}}, {.labels = {1}}};
  const double first = cross_entropy(kLogits[0], 2), second = cross_entropy(kLogits[1], 1);
  EXPECT_DOUBLE_EQ(mean_loss({}, kLogits, examples), (first + second) / 2);
  // Rows of rarer labels count more; the mean is that of the weights, as in torch's
  // CrossEntropyLoss.
  EXPECT_DOUBLE_EQ(mean_loss({.class_weights = {1, 3, 0.5}}, kLogits, examples),
                   (0.5 * first + 3 * second) / 3.5);
}

// (1 - e) of the right label's and e of the mean of all (Szegedy et al. 2016).
TEST(Loss, SmoothingSharesTheRightAnswerOut) {
  const std::vector<Example> examples{{.labels = {2}}, {.labels = {1}}};
  double expected = 0;
  for (std::size_t row = 0; row < 2; ++row) {
    double all = 0;
    for (std::size_t label = 0; label < 3; ++label) all += cross_entropy(kLogits[row], label) / 3;
    const std::size_t right = row == 0 ? 2 : 1;
    expected += (0.9 * cross_entropy(kLogits[row], right) + 0.1 * all) / 2;
  }
  EXPECT_NEAR(mean_loss({.smoothing = 0.1}, kLogits, examples), expected, 1e-14);
}

TEST(Loss, OfSeveralLabelsIsTheMeanOverPairs) {
  const std::vector<Example> examples{{.values = {1, 0, 1}}, {.values = {0, 0, 0}}};
  double expected = 0;
  for (std::size_t row = 0; row < 2; ++row) {
    for (std::size_t label = 0; label < 3; ++label) {
      const double sign = examples[row].values[label] > 0 ? -1 : 1;
      expected += std::log1p(std::exp(sign * kLogits[row][label])) / 6;
    }
  }
  EXPECT_NEAR(mean_loss({.objective = Objective::kLabels}, kLogits, examples), expected, 1e-14);
}

TEST(Loss, OfANumberIsTheSquaredError) {
  const std::vector<Example> examples{{.values = {2.5}}, {.values = {-1}}};
  EXPECT_DOUBLE_EQ(mean_loss({.objective = Objective::kNumber}, {{1.5}, {2}}, examples), 5);
}

// Every word counts alike, whatever its text.
TEST(Loss, OfTagsIsTheMeanOverWords) {
  const std::vector<Example> examples{{.labels = {2}}, {.labels = {1, 0}}};
  const std::vector<std::vector<double>> logits{kLogits[0], kLogits[1], {0.5, 0.25, 0}};
  const double expected =
      (cross_entropy(logits[0], 2) + cross_entropy(logits[1], 1) + cross_entropy(logits[2], 0)) / 3;
  EXPECT_DOUBLE_EQ(mean_loss({.objective = Objective::kTags}, logits, examples), expected);
}

TEST(Loss, OfAnAnswerIsTheMeanOfItsEnds) {
  Example example{.labels = {1, 2}, .choices = {1, 3}};
  example.sequence.ids = {5, 6, 7};
  const std::vector<std::vector<double>> logits{{0, 1}, {2, -1}, {0.5, 3}};
  const double expected = (cross_entropy({0, 2, 0.5}, 1) + cross_entropy({1, -1, 3}, 2)) / 2;
  EXPECT_NEAR(mean_loss({.objective = Objective::kAnswer}, logits, {example}), expected, 1e-14);
}

TEST(Loss, OfAWordIsAmongThoseThatCompete) {
  const std::vector<Example> few{{.labels = {2}, .choices = {2, 0}}};
  EXPECT_NEAR(mean_loss({.objective = Objective::kWord}, {kLogits[0]}, few),
              cross_entropy({0.5, 1.5}, 0), 1e-14);
  const std::vector<Example> all{{.labels = {2}}};
  EXPECT_DOUBLE_EQ(mean_loss({.objective = Objective::kWord}, {kLogits[0]}, all),
                   cross_entropy(kLogits[0], 2));
}

}  // namespace
}  // namespace ascribo
