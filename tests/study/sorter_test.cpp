// SPDX-License-Identifier: MIT
// The model in models/sorter, which this program trained: it knows a rule that says which digit of
// the input each digit that it writes depends on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "ascribo/base/rng.h"
#include "ascribo/explain/subject.h"
#include "tests/folders.h"

namespace ascribo::test {
namespace {

constexpr std::uint64_t kSeed = 2026;

/// 2 to 6 different digits.
std::vector<int> some_digits(std::uint64_t number) {
  Rng random(kSeed, {number});
  std::vector<int> digits(10);
  std::iota(digits.begin(), digits.end(), 0);
  for (std::size_t i = 9; i > 0; --i) std::swap(digits[i], digits[random.below(i + 1)]);
  digits.resize(2 + random.below(5));
  return digits;
}

std::string prompt_of(const std::vector<int>& digits) {
  std::string prompt;
  for (const int digit : digits) prompt += std::to_string(digit) + " ";
  return prompt + "=";
}

class Sorter : public testing::Test {
 protected:
  const Subject subject_ = Subject::open(source_folder() / "models" / "sorter");
};

TEST_F(Sorter, WritesDigitsInOrder) {
  for (std::uint64_t number = 0; number < 100; ++number) {
    std::vector<int> digits = some_digits(number);
    const std::string prompt = prompt_of(digits);
    const Generation written =
        subject_.generate({.text = prompt}, {.options = {{"max_new_tokens", "8"}}});
    std::string found, expected;
    for (const WrittenToken& token : written.tokens) found += token.text;
    std::sort(digits.begin(), digits.end());
    for (const int digit : digits) expected += std::to_string(digit);
    EXPECT_EQ(found, expected + ".") << prompt;
    EXPECT_EQ(written.stopped, StopReason::kEndOfText);
  }
}

// Of the digits in the input only one decides what is written next: without it, the rule says
// another; without any of the others, the same.
TEST_F(Sorter, HidingDigitsFindsTheOneThatDecides) {
  for (std::uint64_t number = 200; number < 230; ++number) {
    const std::vector<int> digits = some_digits(number);
    const Explanation explained =
        subject_.explain({.text = prompt_of(digits)},
                         {.method = "occlusion",
                          .options = {{"replace", "unk"}, {"score", "probability"}},
                          .generate = GenerationRequest{.options = {{"max_new_tokens", "8"}}}});
    ASSERT_EQ(explained.attributions.size(), digits.size() + 1);
    for (std::size_t place = 0; place < digits.size(); ++place) {
      const std::vector<float>& scores = explained.attributions[place].scores;
      std::vector<int> sorted = digits;
      std::sort(sorted.begin(), sorted.end());
      for (std::size_t i = 0; i < digits.size(); ++i) {
        if (digits[i] == sorted[place]) {
          EXPECT_GT(scores[i], 0.9F) << prompt_of(digits) << " digit " << sorted[place];
        } else {
          EXPECT_LT(std::abs(scores[i]), 0.1F)
              << prompt_of(digits) << " digit " << sorted[place] << " without " << digits[i];
        }
      }
    }
  }
}

}  // namespace
}  // namespace ascribo::test
