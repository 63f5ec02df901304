// SPDX-License-Identifier: MIT
// captum's Lime and KernelShap on masks that captum drew (tools/make_captum_records.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ascribo/explain/subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

// Of the largest score. Both sides compute scores in single precision, there the regression, too.
constexpr double kTolerance = 1e-3;

TEST(GoldenCaptum, EveryRecordOfSampledMasks) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  const std::filesystem::path file = test::golden_folder() / "sampled" / "captum-bert-cls.json";
  const Json all = Json::parse(test::read_text(file), "captum-bert-cls.json");
  const std::string alpha = all.at("alpha").dump();
  int seen = 0;
  all.at("records").elements([&](const Json& record) {
    const std::string method(record.at("method").string());
    const std::string target = std::to_string(record.at("target").integer());
    SCOPED_TRACE(method + " " + target);
    Input input{.text = std::string(record.at("text").string())};
    record.at("masks").elements([&](const Json& mask) { input.masks.emplace_back(mask.string()); });
    Request request{.method = method, .targets = {"#" + target}};
    request.options = {{"compat", "captum"}};
    if (method == "lime") request.options["alpha"] = alpha;
    const Explanation found = subject.explain(input, request);
    std::vector<double> expected;
    record.at("scores").elements([&](const Json& score) { expected.push_back(score.number()); });
    const std::vector<float>& scores = found.attributions[0].scores;
    ASSERT_EQ(scores.size(), expected.size());
    double largest = 0;
    for (const double score : expected) largest = std::max(largest, std::abs(score));
    EXPECT_GT(largest, 0);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      EXPECT_NEAR(scores[i], expected[i], kTolerance * largest) << i;
    }
    ++seen;
  });
  EXPECT_EQ(seen, 12);
}

}  // namespace
}  // namespace ascribo
