// SPDX-License-Identifier: MIT
// inseq's recipes against that library's records (tools/make_inseq_records.py).
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "ascribo/explain/subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

class GoldenInseq : public testing::TestWithParam<const char*> {
 protected:
  static Explanation explain(const Subject& subject, const Json& record) {
    Input input;
    input.text = record.at("prompt").string();
    input.continuation = std::string(record.at("target").string());
    return subject.explain(input, {.method = GetParam(), .options = {{"compat", "inseq"}}});
  }

  // Signs are kept where inseq's are lost.
  static void compare(const Explanation& found, const Json& record) {
    std::size_t row = 0;
    double largest = 0, off = 0;
    record.at("scores").elements([&](const Json& expected) {
      const Attribution& attribution = found.attributions.at(row++);
      std::size_t token = 0;
      expected.elements([&](const Json& score) {
        const float ours = attribution.scores.at(token++);
        ASSERT_EQ(score.is_null(), std::isnan(ours));
        if (score.is_null()) return;
        largest = std::max(largest, score.number());
        off = std::max(off, std::abs(std::abs(static_cast<double>(ours)) - score.number()));
      });
      EXPECT_EQ(token, attribution.scores.size());
    });
    EXPECT_EQ(row, found.attributions.size());
    EXPECT_LT(off, 2e-5 * largest);
  }
};

TEST_P(GoldenInseq, EveryRecord) {
  const Json file =
      Json::parse(test::read_text(test::golden_folder() / "generation/inseq.json"), "inseq.json");
  int covered = 0;
  file.at("records").elements([&](const Json& record) {
    if (record.at("method").string() != GetParam()) return;
    SCOPED_TRACE(record.dump().substr(0, 150));
    const Subject subject =
        Subject::open(test::golden_folder() / std::string(record.at("folder").string()));
    compare(explain(subject, record), record);
    ++covered;
  });
  EXPECT_EQ(covered, 4);
}

INSTANTIATE_TEST_SUITE_P(Methods, GoldenInseq,
                         testing::Values("saliency", "input_x_gradient", "integrated_gradients",
                                         "occlusion"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace ascribo
