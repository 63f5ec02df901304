// SPDX-License-Identifier: MIT
// shap's Partition explainer against what that library recorded (tools/make_shap_records.py).
#include <gtest/gtest.h>

#include "ascribo/explain/subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

// Computed in double there, in single precision here: differences of probabilities.
constexpr double kTolerance = 2e-6;

TEST(GoldenShap, EveryRecord) {
  const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  const std::filesystem::path file = test::golden_folder() / "shap" / "bert-cls.json";
  int texts = 0;
  const Json all = Json::parse(test::read_text(file), "bert-cls.json");
  all.at("records").elements([&](const Json& record) {
    const std::string text(record.at("text").string());
    SCOPED_TRACE(text);
    const Explanation found = subject.explain(
        Input{.text = text},
        {.method = "partition", .targets = {"all"}, .options = {{"compat", "shap"}}});
    std::size_t k = 0;
    record.at("base_values").elements([&](const Json& value) {
      EXPECT_NEAR(*found.attributions[k++].baseline_value, value.number(), kTolerance);
    });
    ASSERT_EQ(k, found.attributions.size());
    k = 0;
    record.at("values").elements([&](const Json& row) {
      std::vector<double> values;
      row.elements([&](const Json& value) { values.push_back(value.number()); });
      ASSERT_EQ(values.size(), found.tokens.size());
      EXPECT_NEAR(values.front(), 0, 1e-12);  // [CLS], [SEP]
      EXPECT_NEAR(values.back(), 0, 1e-12);
      for (std::size_t unit = 0; unit < found.units.size(); ++unit) {
        EXPECT_NEAR(found.attributions[k].scores[unit], values[unit + 1], kTolerance) << unit;
      }
      ++k;
    });
    ++texts;
  });
  EXPECT_GE(texts, 5);
}

}  // namespace
}  // namespace ascribo
