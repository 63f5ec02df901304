// SPDX-License-Identifier: MIT
// Memory is a budget: more points or more texts take longer, not more room.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "ascribo/base/threads.h"
#include "ascribo/explain/subject.h"
#include "ascribo/tensor/pool.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

class MemoryTest : public testing::Test {
 protected:
  MemoryTest() { set_threads(1); }
  ~MemoryTest() override { set_threads(0); }

  // Most bytes of tensors in use at a time, packed weights included, while one request runs.
  std::size_t peak(const std::vector<std::string>& texts, const Request& request) {
    std::size_t next = 0;
    pool_reset_peak();
    subject_.explain({.next = [&]() -> std::optional<Input> {
                        if (next == texts.size()) return std::nullopt;
                        return Input{.text = texts[next++]};
                      },
                      .done = [](const Explanation&) {}},
                     request);
    EXPECT_EQ(next, texts.size());
    return pool_statistics().peak;
  }

  static std::string long_text(int words) {
    std::string text;
    for (int i = 0; i < words; ++i) text += "good ";
    return text;
  }

 private:
  Subject subject_ = Subject::open(test::golden_folder() / "bert-cls");
};

TEST_F(MemoryTest, DoesNotGrowWithPoints) {
  const std::vector<std::string> texts = {long_text(70)};
  const auto request = [](const std::string& steps) {
    return Request{.method = "integrated_gradients", .options = {{"steps", steps}}};
  };
  const std::size_t some = peak(texts, request("50"));
  EXPECT_LE(peak(texts, request("300")), some + some / 20);
}

TEST_F(MemoryTest, DoesNotGrowWithTexts) {
  const Request request{.method = "occlusion"};
  const std::vector<std::string> few(4, long_text(60)), many(64, long_text(60));
  const std::size_t some = peak(few, request);
  EXPECT_LE(peak(many, request), some + some / 20);
}

TEST_F(MemoryTest, ThreadsShareTheBudget) {
  const std::vector<std::string> texts = {long_text(70)};
  const std::size_t alone = peak(texts, {});
  set_threads(4);
  EXPECT_LE(peak(texts, {}), alone + alone / 4);
}

TEST_F(MemoryTest, ShrinksWithTheBudget) {
  const auto request = [](const std::string& rows) {
    return Request{.method = "integrated_gradients",
                   .options = {{"batch_tokens", rows}, {"steps", "50"}}};
  };
  const std::vector<std::string> texts = {long_text(70)};
  EXPECT_LT(2 * peak(texts, request("128")), peak(texts, request("2048")));
}

}  // namespace
}  // namespace ascribo
