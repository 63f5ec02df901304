// SPDX-License-Identifier: MIT
// Training with products in bf16 beside training in single precision.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/base/error.h"
#include "ascribo/base/json.h"
#include "ascribo/base/threads.h"
#include "ascribo/ops/linear.h"
#include "ascribo/study/fine_tune.h"
#include "tests/golden.h"

namespace ascribo::test {
namespace {

class Bf16Training : public testing::Test {
 protected:
  ~Bf16Training() override { set_threads(0); }

  /// The model in models/sorter, wide enough for bf16, learns another order.
  FineTuning request(const std::string& output) const {
    std::string rows;
    for (int n = 0; n < 96; ++n) {
      const int first = n % 10, second = (3 * n + 1 + n / 10) % 10;
      if (first == second) continue;
      rows += "{\"text\": \"" + std::to_string(first) + " " + std::to_string(second) +
              " =\", \"continuation\": \"" + std::to_string(std::max(first, second)) + " " +
              std::to_string(std::min(first, second)) + " .\"}\n";
    }
    write_text(folder_.path() / "rows.jsonl", rows);
    FineTuning request;
    request.model = source_folder() / "models" / "sorter";
    request.train = request.dev = folder_.path() / "rows.jsonl";
    request.output = folder_.path() / output;
    request.objective = Objective::kNextToken;
    request.options.batch = 16;
    request.options.max_steps = 40;
    request.options.learning_rate = 1e-3;
    return request;
  }

  std::string log(const std::string& output) const {
    return read_text(folder_.path() / output / "training_log.jsonl");
  }

  TempFolder folder_;
};

std::vector<double> losses(const std::string& log) {
  std::vector<double> found;
  for (std::size_t begin = 0; begin < log.size();) {
    const std::size_t end = log.find('\n', begin);
    const Json line = Json::parse(log.substr(begin, end - begin), "log");
    if (line.find("loss")) found.push_back(line.at("loss").number());
    begin = end + 1;
  }
  return found;
}

// bf16 keeps 8 bits of a factor: losses follow those of single precision to a few hundredths.
TEST_F(Bf16Training, LossesFollowThoseOfSinglePrecision) {
  FineTuning single = request("single"), half = request("half");
  half.options.precision = Precision::kBf16;
  std::vector<std::string> notes;
  fine_tune(single);
  fine_tune(half, {.note = [&](const std::string& note) { notes.push_back(note); }});
  const std::vector<double> expected = losses(log("single")), found = losses(log("half"));
  ASSERT_EQ(found.size(), 40U);
  if (!ops::has_bf16_products()) {
    EXPECT_EQ(found, expected);
    EXPECT_THAT(notes, testing::Contains("precision: this CPU does not multiply bf16; products "
                                         "are computed in fp32"));
    return;
  }
  EXPECT_THAT(notes, testing::IsEmpty());
  EXPECT_NE(found, expected);
  for (std::size_t step = 0; step < found.size(); ++step) {
    EXPECT_NEAR(found[step], expected[step], 0.03 * expected.front()) << "step " << step + 1;
  }
  EXPECT_LT(found.back(), found.front() / 4);
}

TEST_F(Bf16Training, GoesOnToTheSameBitsWhateverTheThreads) {
  FineTuning whole = request("whole");
  whole.options.precision = Precision::kBf16;
  whole.options.max_steps = 6;
  set_threads(1);
  fine_tune(whole);
  FineTuning stopped = whole;
  stopped.output = folder_.path() / "stopped";
  set_threads(3);
  fine_tune(stopped,
            {.step = [](const StepReport& report, std::int64_t) { return report.step < 4; }});
  stopped.resume = true;
  EXPECT_TRUE(fine_tune(stopped).finished);
  EXPECT_EQ(read_text(folder_.path() / "stopped" / "model.safetensors"),
            read_text(folder_.path() / "whole" / "model.safetensors"));
  EXPECT_EQ(log("stopped"), log("whole"));
}

}  // namespace
}  // namespace ascribo::test
