// SPDX-License-Identifier: MIT
// Lists with a text that comes twice, and without.
#include "ascribo/base/repeat_search.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ascribo {
namespace {

TEST(RepeatSearch, FindsNothingAmongDifferentTexts) {
  RepeatSearch search;
  EXPECT_FALSE(search.find({}));
  const std::vector<std::string_view> few{"a", "b", ""};
  EXPECT_FALSE(search.find(few));
}

TEST(RepeatSearch, FindsTheFirstThatCameBefore) {
  RepeatSearch search;
  const std::vector<std::string_view> few{"a", "b", "c", "b", "a"};
  EXPECT_EQ(search.find(few), "b");
}

TEST(RepeatSearch, FindsOneAmongManyAndStartsAfreshEachTime) {
  RepeatSearch search;
  std::vector<std::string> texts;
  for (int i = 0; i < 1000; ++i) texts.push_back(std::to_string(i));
  std::vector<std::string_view> views(texts.begin(), texts.end());
  EXPECT_FALSE(search.find(views));
  EXPECT_FALSE(search.find(views));
  views.push_back("437");
  EXPECT_EQ(search.find(views), "437");
}

}  // namespace
}  // namespace ascribo
