// SPDX-License-Identifier: MIT
// Metrics on a model that sorts six digits: of all rankings the one that knows which digit decides
// must score best.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "tests/metrics/toys.h"

namespace ascribo {
namespace {

/// Beside the checkout: not ours to ship.
std::filesystem::path model_folder() {
  return test::golden_folder() / "../../../shared/models/gpt-nano-sort";
}

TEST(SortingMetrics, TheDigitThatDecidesMustBeFirst) {
  if (!std::filesystem::exists(model_folder())) {
    GTEST_SKIP() << "gpt-nano-sort is not beside this checkout: " << model_folder();
  }
  const Subject subject = Subject::open(model_folder());
  const Input input{.input_ids = {2, 1, 0, 2, 1, 2}, .continuation_ids = {0, 1, 1, 2, 2, 2}};
  // For the first output only the 0 matters: it is the unit with number 2.
  const auto value = [&](const std::string& metric, std::size_t place) {
    std::vector<double> scores(6);
    std::iota(scores.begin(), scores.end(), 1.0);
    scores[2] = 6.5 - static_cast<double>(place);  // first to last
    return test::judge_scores(subject, input, metric + ":replace=token:1", test::as_listed(scores),
                              {{"unit", "all_tokens"}, {"attribute", "prompt"}})
        .targets.at(0)
        .value;
  };
  for (std::size_t place = 1; place <= 5; ++place) {
    EXPECT_LT(value("deletion", 0) + 0.05, value("deletion", place));
    EXPECT_GT(value("insertion", 0), value("insertion", place) + 0.05);
    EXPECT_GT(value("comprehensiveness", 0), value("comprehensiveness", place) + 0.05);
    EXPECT_LT(value("sufficiency", 0) + 0.05, value("sufficiency", place));
  }
}

}  // namespace
}  // namespace ascribo
