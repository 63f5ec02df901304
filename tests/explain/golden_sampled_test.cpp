// SPDX-License-Identifier: MIT
// Sampled gradient methods and the gradients of attention against torch: a record in which the
// generator, what it is keyed by and every formula were written a second time
// (tools/make_sampled_records.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ascribo/explain/subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

// Of the largest magnitude. Scores leave the engine as floats.
constexpr double kRounding = 2e-7;

std::vector<std::vector<double>> matrix(const Json& json) {
  std::vector<std::vector<double>> rows;
  json.elements([&](const Json& row) {
    rows.emplace_back();
    row.elements([&](const Json& value) { rows.back().push_back(value.number()); });
  });
  return rows;
}

void expect_equal(const std::vector<float>& found, const std::vector<double>& expected,
                  const std::string& what) {
  ASSERT_EQ(found.size(), expected.size());
  double largest = 0;
  for (const double value : expected) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], kRounding * largest) << what << " token " << i;
  }
}

TEST(GoldenSampled, EveryRecordIsReached) {
  const Subject subject =
      Subject::open(test::golden_folder() / "bert-cls", {.labels = {}, .compute = Dtype::kF64});
  const auto path = test::golden_folder() / "sampled" / "bert-cls.json";
  const Json all = Json::parse(test::read_text(path), "bert-cls.json");
  int records = 0;
  all.at("cases").elements([&](const Json& each) {
    Input input;
    input.text = each.at("text").string();
    each.at("records").elements([&](const Json& record) {
      ++records;
      Request request{.method = std::string(record.at("method").string()),
                      .targets = {"all"},
                      .options = {{"unit", "all_tokens"}, {"seed", "3"}}};
      std::string what = request.method;
      record.at("options").members([&](std::string_view name, const Json& value) {
        request.options.emplace(name, value.string());
        what += " " + std::string(name) + " " + std::string(value.string());
      });
      const Explanation found = subject.explain(input, request);
      const auto scores = matrix(record.at("scores"));
      ASSERT_EQ(found.attributions.size(), scores.size());
      for (std::size_t k = 0; k < scores.size(); ++k) {
        expect_equal(found.attributions[k].scores, scores[k], what);
        const auto errors = record.find("standard_error");
        if (!errors) continue;
        ASSERT_TRUE(found.attributions[k].standard_error);
        expect_equal(*found.attributions[k].standard_error, matrix(*errors)[k], what + " error");
      }
    });
  });
  EXPECT_EQ(records, 26);
}

}  // namespace
}  // namespace ascribo
