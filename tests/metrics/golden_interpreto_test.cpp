// SPDX-License-Identifier: MIT
// Insertion and deletion against interpreto's records: every point of every curve.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "ascribo/metrics/evaluate.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::Golden;

std::vector<std::vector<double>> matrix(const Json& json) {
  std::vector<std::vector<double>> rows;
  json.elements([&](const Json& row) {
    rows.emplace_back();
    row.elements([&](const Json& number) { rows.back().push_back(number.number()); });
  });
  return rows;
}

std::optional<Measure> judge(const Subject& subject, Explanation explanation,
                             const std::string& metric) {
  std::optional<Measure> found;
  SavedStream stream;
  stream.next = [&, given = false]() mutable -> std::optional<Explanation> {
    return std::exchange(given, true) ? std::nullopt : std::optional(explanation);
  };
  stream.done = [&](const Evaluation& evaluation) { found = evaluation.metrics.at(0)[0]; };
  evaluate_saved(subject, stream, {parse_metric(metric, "interpreto")});
  return found;
}

void expect_equal(const Measure& found, const Json& record) {
  EXPECT_NEAR(found.value, record.at("result").number(), 2e-6);
  const auto expected = matrix(record.at("detail").at(std::size_t{0}));
  ASSERT_EQ(found.targets.size(), expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) {
    ASSERT_EQ(found.targets[k].curve.size(), expected[k].size());
    for (std::size_t i = 0; i < expected[k].size(); ++i) {
      EXPECT_NEAR(found.targets[k].curve[i], expected[k][i], 2e-6) << k << ", " << i;
    }
  }
}

class GoldenMetrics : public testing::TestWithParam<std::string> {};

TEST_P(GoldenMetrics, InsertionAndDeletionOfLabels) {
  const Golden golden(GetParam());
  const Subject subject = Subject::open(golden.folder);
  const Json cases = Json::parse(test::read_text(golden.folder / "cases.json"), "cases.json");
  int covered = 0;
  cases.at("interpreto").at("metrics").elements([&](const Json& record) {
    SCOPED_TRACE(record.dump().substr(0, 100));
    Request request{.method = "saliency", .targets = {}};
    request.options["unit"] = record.at("granularity").string();
    record.at("targets").elements([&](const Json& index) {
      request.targets.push_back("#" + std::to_string(index.integer()));
    });
    Explanation explanation =
        subject.explain({.text = std::string(record.at("text").string())}, request);
    const auto scores = matrix(record.at("attributions"));
    for (std::size_t k = 0; k < scores.size(); ++k) {
      explanation.attributions.at(k).scores.assign(scores[k].begin(), scores[k].end());
    }
    const auto found = judge(subject, explanation, std::string(record.at("metric").string()));
    ASSERT_TRUE(found);
    expect_equal(*found, record);
    ++covered;
  });
  EXPECT_GE(covered, 4);
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, GoldenMetrics,
                         testing::Values("bert-cls", "albert-cls", "distilbert-cls", "electra-cls",
                                         "mpnet-cls", "roberta-cls", "xlm-roberta-cls",
                                         "deberta-v2-cls", "modernbert-cls"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// Each written token has a curve; the rankings were made by that library's occlusion.
TEST(GoldenGenerationMetrics, InsertionAndDeletionOfWrittenTokens) {
  const Golden golden("gpt2-lm");
  const Subject subject = Subject::open(golden.folder);
  const Json cases = Json::parse(test::read_text(golden.folder / "cases.json"), "cases.json");
  int covered = 0;
  cases.at("interpreto").at("metrics").elements([&](const Json& record) {
    SCOPED_TRACE(record.dump().substr(0, 100));
    Request request{.method = "occlusion"};
    request.options = {{"unit", "token"}, {"score", "logit"}};
    Input input{.text = std::string(record.at("prompt").string())};
    input.continuation = std::string(record.at("target").string());
    const Evaluation found = evaluate(subject, input, request,
                                      {parse_metric(record.at("metric").string(), "interpreto")});
    expect_equal(*found.metrics.at(0)[0], record);
    ++covered;
  });
  EXPECT_EQ(covered, 6);
}

}  // namespace
}  // namespace ascribo
