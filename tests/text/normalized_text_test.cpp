// SPDX-License-Identifier: MIT
// Normalising and slicing keeps the way back to the text as given.
#include "ascribo/text/normalized_text.h"

#include <gmock/gmock.h>

#include "ascribo/text/split.h"
#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

using testing::HasSubstr;

using Offset = Encoding::Offset;

TEST(NormalizedText, EveryCodePointStandsForItself) {
  const NormalizedText text("a\u00E9\U0001F600");
  ASSERT_EQ(text.size(), 3U);
  EXPECT_EQ(text[2], U'\U0001F600');
  EXPECT_EQ(text.source(0, 3), (Offset{0, 3}));
  EXPECT_EQ(text.source(1, 2), (Offset{1, 2}));
  EXPECT_EQ(text.utf8(), "a\u00E9\U0001F600");
}

TEST(NormalizedText, InvalidUtf8NamesTheByte) {
  const std::string message =
      test::error_of(Code::kBadText, [] { NormalizedText("ab\xFF", "pair"); });
  EXPECT_THAT(message, HasSubstr("[pair] byte 2"));
}

TEST(NormalizedText, WhatIsDroppedBelongsToNoCodePoint) {
  NormalizedText text("xabxcx");
  text.filter([](char32_t c) { return c != U'x'; });
  EXPECT_EQ(text.utf8(), "abc");
  EXPECT_EQ(text.source(0, 1), (Offset{1, 2}));
  EXPECT_EQ(text.source(1, 3), (Offset{2, 5}));
  EXPECT_EQ(text.source(0, 3), (Offset{1, 5}));
}

TEST(NormalizedText, InsertedSharesTheRangeBefore) {
  NormalizedText text("ab");
  text.rewrite({{U'<', true}, {U'A'}, {U'-', true}, {U'B'}, {U'!', true}});
  EXPECT_EQ(text.utf8(), "<A-B!");
  EXPECT_EQ(text.source(0, 1), (Offset{0, 0}));
  EXPECT_EQ(text.source(1, 3), (Offset{0, 1}));
  EXPECT_EQ(text.source(2, 4), (Offset{0, 2}));
  EXPECT_EQ(text.source(4, 5), (Offset{1, 2}));
}

TEST(NormalizedText, SlicesKnowWhereTheyAre) {
  const NormalizedText slice = NormalizedText("hello world").slice(6, 11);
  EXPECT_EQ(slice.utf8(), "world");
  EXPECT_EQ(slice.origin(), 6);
  EXPECT_EQ(slice.source(0, 5), (Offset{6, 11}));
  NormalizedText rewritten = slice;
  rewritten.rewrite({{U'_', true}, {U'w'}, {U'o'}, {U'r'}, {U'l'}, {U'd'}});
  EXPECT_EQ(rewritten.source(0, 1), (Offset{6, 6}));
  EXPECT_EQ(rewritten.source(0, 2), (Offset{6, 7}));
}

TEST(NormalizedText, EmptyStretches) {
  const NormalizedText text("ab");
  EXPECT_EQ(text.source(1, 1), (Offset{1, 1}));
  EXPECT_TRUE(text.slice(1, 1).empty());
  EXPECT_TRUE(NormalizedText("").empty());
  EXPECT_EQ(NormalizedText("").source(0, 0), (Offset{0, 0}));
}

TEST(Split, CutsOnlyWhatNoAddedTokenHasTaken) {
  std::vector<Split> splits;
  splits.push_back({NormalizedText("ab"), {}});
  splits.push_back({NormalizedText("cd"), 7});
  cut_each(splits, [](const NormalizedText& text, std::vector<Split>& parts) {
    parts.push_back({text.slice(0, 1), {}});
    parts.push_back({text.slice(1, 1), {}});
    parts.push_back({text.slice(1, 2), {}});
  });
  ASSERT_EQ(splits.size(), 3U);
  EXPECT_EQ(splits[0].text.utf8(), "a");
  EXPECT_EQ(splits[1].text.utf8(), "b");
  EXPECT_EQ(splits[2].text.utf8(), "cd");
  EXPECT_EQ(splits[2].added, 7);
}

}  // namespace
}  // namespace ascribo
