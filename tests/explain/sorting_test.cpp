// SPDX-License-Identifier: MIT
// A model that sorts six digits: which digit decides an output is known exactly.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "ascribo/explain/subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

/// Beside the checkout: not ours to ship.
std::filesystem::path model_folder() {
  return test::golden_folder() / "../../../shared/models/gpt-nano-sort";
}

class Sorting : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(model_folder())) {
      GTEST_SKIP() << "gpt-nano-sort is not beside this checkout: " << model_folder();
    }
    subject.emplace(Subject::open(model_folder()));
  }

  // Probability scores of the digits for output `at` (0: the smallest digit), each digit replaced
  // by `other`.
  std::vector<float> scores(const std::string& method, const std::vector<std::int64_t>& digits,
                            std::size_t at, std::int64_t other) const {
    std::vector<std::int64_t> sorted = digits;
    std::sort(sorted.begin(), sorted.end());
    const Explanation found =
        subject->explain({.input_ids = digits, .continuation_ids = sorted},
                         {.method = method,
                          .options = {{"replace", "token:" + std::to_string(other)},
                                      {"unit", "all_tokens"},
                                      {"attribute", "prompt"},
                                      {"score", "probability"}}});
    EXPECT_GT(found.attributions.at(at).value, 0.99);
    return found.attributions.at(at).scores;
  }

  // The mean over the digits that are not the one that decides.
  std::vector<double> mean_scores(const std::string& method,
                                  const std::vector<std::int64_t>& digits, std::size_t at,
                                  std::int64_t deciding) const {
    std::vector<double> mean(digits.size(), 0.0);
    for (const std::int64_t other : {0, 1, 2}) {
      if (other == deciding) continue;
      const std::vector<float> found = scores(method, digits, at, other);
      for (std::size_t i = 0; i < found.size(); ++i) mean[i] += static_cast<double>(found[i]) / 2;
    }
    return mean;
  }

  static void expect(const std::vector<double>& found, const std::vector<double>& expected) {
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 0.01) << i;
  }

  std::optional<Subject> subject;
};

// 2 1 0 2 1 2: without its only 0 the smallest digit is another one.
TEST_F(Sorting, TheOnlyZeroDecidesTheFirstOutput) {
  for (const char* method : {"occlusion", "exact_shapley", "kernel_shap"}) {
    expect(mean_scores(method, {2, 1, 0, 2, 1, 2}, 0, 0), {0, 0, 1, 0, 0, 0});
  }
}

// 0 1 1 2 0 1: without its only 2 the largest digit is another one.
TEST_F(Sorting, TheOnlyTwoDecidesTheLastOutput) {
  for (const char* method : {"occlusion", "exact_shapley", "kernel_shap"}) {
    expect(mean_scores(method, {0, 1, 1, 2, 0, 1}, 5, 2), {0, 0, 0, 1, 0, 0});
  }
}

// 0 1 1 2 0 1: either 0 is enough for the first output. Hiding one changes nothing; Shapley values
// share the credit.
TEST_F(Sorting, TwoZerosShareTheCredit) {
  expect(mean_scores("occlusion", {0, 1, 1, 2, 0, 1}, 0, 0), {0, 0, 0, 0, 0, 0});
  expect(mean_scores("exact_shapley", {0, 1, 1, 2, 0, 1}, 0, 0), {0.5, 0, 0, 0, 0.5, 0});
}

}  // namespace
}  // namespace ascribo
