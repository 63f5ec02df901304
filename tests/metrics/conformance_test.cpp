// SPDX-License-Identifier: MIT
// What every metric must hold to, over the whole table.
#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/base/error.h"
#include "tests/metrics/toys.h"

namespace ascribo {
namespace {

class MetricConformance : public testing::TestWithParam<const Metric*> {
 protected:
  std::string name() const { return std::string(GetParam()->name); }

  // A method that every metric can judge, of a text with a rationale.
  static Input input() {
    Input input{.text = "a gripping, funny film that never loses its nerve."};
    input.rationale = {{"", Side::kText, 2, 10}, {"", Side::kText, 12, 17}};
    return input;
  }
  static Evaluation judge(const Subject& subject, const std::string& metric,
                          const std::string& batch_tokens = "1024") {
    return evaluate(subject, input(),
                    {.method = "integrated_gradients",
                     .options = {{"batch_tokens", batch_tokens}, {"steps", "5"}}},
                    {parse_metric(metric)});
  }
};

TEST_P(MetricConformance, SaysWhatItIs) {
  const Metric& metric = *GetParam();
  EXPECT_EQ(&find_metric(metric.name), &metric);
  EXPECT_FALSE(metric.summary.empty());
  EXPECT_FALSE(metric.formula.empty());
  EXPECT_FALSE(metric.paper.empty());
  EXPECT_FALSE(metric.range.empty());
  EXPECT_FALSE(metric.cost.empty());
}

TEST_P(MetricConformance, ValuesAndCurvesAreFiniteAndRepeatToTheBit) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  const Evaluation first = judge(subject, name()), again = judge(subject, name(), "16");
  for (std::size_t ranking = 0; ranking < kRankings; ++ranking) {
    const auto &a = first.metrics.at(0)[ranking], &b = again.metrics.at(0)[ranking];
    EXPECT_EQ(a.has_value(), ranking == 0 || GetParam()->ranks);
    ASSERT_EQ(a.has_value(), b.has_value());
    if (!a) continue;
    EXPECT_TRUE(std::isfinite(a->value));
    EXPECT_EQ(a->value, b->value);
    ASSERT_EQ(a->targets.size(), first.explanation.attributions.size());
    for (std::size_t k = 0; k < a->targets.size(); ++k) {
      EXPECT_EQ(a->targets[k].curve, b->targets[k].curve);
      EXPECT_EQ(!a->targets[k].curve.empty(), GetParam()->curve);
      EXPECT_EQ(a->targets[k].curve.size(), a->targets[k].counts.size());
    }
  }
}

TEST_P(MetricConformance, DoesNotChangeTheExplanation) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  const Explanation alone =
      subject.explain(input(), {.method = "integrated_gradients", .options = {{"steps", "5"}}});
  const Explanation judged = judge(subject, name()).explanation;
  EXPECT_EQ(alone.attributions.at(0).scores, judged.attributions.at(0).scores);
  EXPECT_EQ(alone.method.name, judged.method.name);
  EXPECT_EQ(alone.notes, judged.notes);
  EXPECT_EQ(alone.cost.forward_tokens, judged.cost.forward_tokens);
}

// A text in which only one word speaks: the ranking that puts it first cannot be beaten.
TEST_P(MetricConformance, APerfectRankingScoresBest) {
  const Metric& metric = *GetParam();
  if (!metric.ranks) GTEST_SKIP() << "it does not judge rankings";
  const test::Toy toy = test::keyword_toy("film");
  Input input{.text = "a funny film that never loses its nerve."};
  input.rationale = {{"", Side::kText, 8, 12}};
  const auto value = [&](double keyword) {
    return test::judge_scores(
               toy.subject, input, name(),
               [&](std::size_t place, const UnitInfo& unit) {
                 return unit.text == "film" ? keyword : 0.5 + 0.01 * static_cast<double>(place);
               })
        .value;
  };
  const double sign = metric.direction == Direction::kLower ? -1 : 1;
  EXPECT_GT(sign * value(1), sign * value(0.535));
  EXPECT_GT(sign * value(0.535), sign * value(0.1) - 1e-9);
  EXPECT_GT(sign * value(1), sign * value(0.1));
}

TEST_P(MetricConformance, UnknownOptionsAreRefused) {
  try {
    parse_metric(name() + ":stepss=3");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kUnknownName);
    EXPECT_EQ(std::string(error.what()).find("[" + name() + "] there is no option \"stepss\""), 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Metrics, MetricConformance, testing::ValuesIn(metrics()),
                         [](const auto& info) { return std::string(info.param->name); });

}  // namespace
}  // namespace ascribo
