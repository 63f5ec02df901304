// SPDX-License-Identifier: MIT
// Comprehensiveness and sufficiency against records made with transformers: the probability after
// every deletion, in the order that the ALTI authors' scores give the tokens.
#include <gtest/gtest.h>

#include "ascribo/metrics/evaluate.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::Golden;

std::vector<double> numbers(const Json& json) {
  std::vector<double> values;
  json.elements([&](const Json& number) { values.push_back(number.number()); });
  return values;
}

class GoldenErasure : public testing::TestWithParam<std::string> {
 protected:
  Golden golden{GetParam()};
  Subject subject = Subject::open(golden.folder);

  // The text explained token by token with the last layer's row of the first token.
  Explanation explanation(std::size_t index) const {
    const Json& each = golden.cases[index];
    Input input{.text = std::string(each.at("text").string())};
    if (const auto pair = each.find("pair")) input.pair = std::string(pair->string());
    Explanation found =
        subject.explain(input, {.method = "saliency", .options = {{"unit", "token"}}});
    const Tensor rollout = golden.expected(index, "alti_rollout");
    const std::vector<float> all = rollout.to_vector<float>();
    const std::size_t length = found.tokens.size();
    const std::size_t row = all.size() - length * length;
    for (std::size_t u = 0; u < found.units.size(); ++u) {
      found.attributions[0].scores[u] =
          all.at(row + static_cast<std::size_t>(found.units[u].tokens.front()));
    }
    return found;
  }

  std::vector<Measure> judge(const Explanation& explanation,
                             const std::vector<std::string>& names) const {
    std::vector<MetricRequest> metrics;
    for (const std::string& name : names) metrics.push_back(parse_metric(name));
    std::vector<Measure> found;
    SavedStream stream;
    stream.next = [&, given = false]() mutable -> std::optional<Explanation> {
      return std::exchange(given, true) ? std::nullopt : std::optional(explanation);
    };
    stream.done = [&](const Evaluation& evaluation) {
      for (const Judgements& each : evaluation.metrics) found.push_back(*each[0]);
    };
    evaluate_saved(subject, stream, metrics);
    return found;
  }
};

TEST_P(GoldenErasure, EveryPointOfEveryCurve) {
  const Json cases = Json::parse(test::read_text(golden.folder / "cases.json"), "cases.json");
  int covered = 0;
  cases.at("perturbation_curves").elements([&](const Json& record) {
    const auto index = static_cast<std::size_t>(record.at("case").integer());
    const std::string name(record.at("kind").string());
    SCOPED_TRACE(name + " of case " + std::to_string(index));
    const double whole = record.at("p_full").number();
    const std::vector<double> bins = numbers(record.at("bin_probabilities"));
    const std::vector<double> one_by_one = numbers(record.at("one_by_one"));
    const std::vector<Measure> found =
        judge(explanation(index), {name, name + ":one_by_one=1000", name + ":definition=alti"});
    const TargetMeasure &by_bins = found[0].targets.at(0), &by_one = found[1].targets.at(0);
    const std::vector<double> counts = numbers(record.at("bin_counts"));
    EXPECT_EQ(std::vector<double>(by_bins.counts.begin(), by_bins.counts.end()), counts);
    double sum = 0, filtered_sum = 0, filtered = bins.front();
    for (std::size_t i = 0; i < bins.size(); ++i) {
      EXPECT_NEAR(by_bins.curve.at(i), bins[i], 2e-6);
      sum += whole - bins[i];
      filtered = name == "sufficiency" ? std::max(filtered, bins[i]) : std::min(filtered, bins[i]);
      filtered_sum += whole - filtered;
    }
    ASSERT_EQ(by_one.curve.size(), one_by_one.size());
    for (std::size_t i = 0; i < one_by_one.size(); ++i) {
      EXPECT_NEAR(by_one.curve[i], one_by_one[i], 2e-6) << i;
    }
    EXPECT_NEAR(found[0].value, sum / 5, 4e-6);
    EXPECT_NEAR(found[2].value, filtered_sum / 6, 4e-6);
    ++covered;
  });
  EXPECT_GE(covered, 12);
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, GoldenErasure,
                         testing::Values("bert-cls", "distilbert-cls", "roberta-cls"),
                         [](const auto& info) {
                           std::string name = info.param;
                           name.erase(name.find('-'));
                           return name;
                         });

}  // namespace
}  // namespace ascribo
