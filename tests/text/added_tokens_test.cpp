// SPDX-License-Identifier: MIT
// Added tokens: where they match, what they take along, and which id they get. The expected values
// were taken from the reference tokenizers with the same settings.
#include "ascribo/text/added_tokens.h"

#include <gmock/gmock.h>

#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

/// A small tokenizer with one more added token, given as the fields after its content.
std::unique_ptr<Tokenizer> open_with(const std::string& content, const std::string& fields) {
  test::SmallTokenizer small;
  small.added.pop_back();
  small.added += R"(,{"id":15,"content":")" + content + "\"" + fields + "}]";
  small.post_processor = "null";
  return small.open();
}

void expect_tokens(const Tokenizer& tokenizer, std::string_view text,
                   const std::vector<std::string>& tokens,
                   const std::vector<Encoding::Offset>& offsets) {
  const Encoding encoding = tokenizer.encode(text);
  EXPECT_THAT(encoding.tokens, ElementsAreArray(tokens)) << text;
  EXPECT_THAT(encoding.offsets, ElementsAreArray(offsets)) << text;
}

TEST(AddedTokens, MatchBeforeNormalising) {
  const auto tokenizer = open_with("<X>", R"(,"normalized":false)");
  expect_tokens(*tokenizer, "film<X>s <x>", {"film", "<X>", "[UNK]", "[UNK]", "[UNK]", "[UNK]"},
                {{0, 4}, {4, 7}, {7, 8}, {9, 10}, {10, 11}, {11, 12}});
}

TEST(AddedTokens, MatchAfterNormalising) {
  const auto tokenizer = open_with("\u00C9t\u00E9", R"(,"normalized":true)");
  expect_tokens(*tokenizer, "a e\u0301TE film", {"a", "ete", "film"}, {{0, 1}, {2, 6}, {7, 11}});
  EXPECT_EQ(tokenizer->find_token("\u00C9t\u00E9"), 15);
  EXPECT_EQ(tokenizer->token(15), "\u00C9t\u00E9");
  EXPECT_EQ(tokenizer->decode({8, 15}), "a ete");
}

TEST(AddedTokens, TakeWhiteSpaceAlong) {
  const auto both = open_with("<x>", R"(,"normalized":false,"lstrip":true,"rstrip":true)");
  expect_tokens(*both, "a  <x> \n film", {"a", "  <x> \n ", "film"}, {{0, 1}, {1, 9}, {9, 13}});
  expect_tokens(*both, "<x> <x>", {"<x> ", "<x>"}, {{0, 4}, {4, 7}});
  const auto left = open_with("<x>", R"(,"normalized":false,"lstrip":true)");
  expect_tokens(*left, "a\u3000<x> film", {"a", "\u3000<x>", "film"}, {{0, 1}, {1, 5}, {6, 10}});
}

TEST(AddedTokens, SingleWordNeedsNoWordAround) {
  const auto tokenizer = open_with("the good", R"(,"normalized":false,"single_word":true)");
  expect_tokens(*tokenizer, "the good.", {"the good", "."}, {{0, 8}, {8, 9}});
  expect_tokens(*tokenizer, "the goods", {"the", "good", "##s"}, {{0, 3}, {4, 8}, {8, 9}});
  expect_tokens(*tokenizer, "the good\u0301", {"the", "good"}, {{0, 3}, {4, 8}});
  expect_tokens(*tokenizer, "_the good", {"[UNK]", "the", "good"}, {{0, 1}, {1, 4}, {5, 9}});
}

TEST(AddedTokens, LongestOfThoseThatBeginFirst) {
  test::SmallTokenizer small;
  small.post_processor = "null";
  small.added = R"([{"id":15,"content":"a film","normalized":false},
      {"id":16,"content":"a","normalized":false},{"id":17,"content":"film","normalized":false}])";
  const auto tokenizer = small.open();
  // "a" and "film" are pieces of the vocabulary and keep their ids; the rest is numbered after it.
  EXPECT_THAT(tokenizer->encode("a film film a").ids, ElementsAre(15, 5, 8));
  EXPECT_EQ(tokenizer->vocabulary_size(), 16);
}

TEST(AddedTokens, IdsFollowTheVocabulary) {
  test::SmallTokenizer small;
  small.added = R"([{"id":90,"content":"<x>"},{"id":2,"content":"[CLS]","special":true},
      {"id":91,"content":"<y>","special":true}])";
  const auto tokenizer = small.open();
  EXPECT_EQ(tokenizer->find_token("<x>"), 15);
  EXPECT_EQ(tokenizer->find_token("<y>"), 16);
  EXPECT_EQ(tokenizer->find_token("[CLS]"), 2);
  EXPECT_EQ(tokenizer->vocabulary_size(), 17);
  EXPECT_TRUE(tokenizer->is_special(16));
  EXPECT_FALSE(tokenizer->is_special(15));
  EXPECT_FALSE(tokenizer->is_special(5));
}

TEST(AddedTokens, TypedSpecialTokensAreOnesOfTheirSide) {
  const auto tokenizer = test::SmallTokenizer().open();
  const Encoding encoding = tokenizer->encode("a[MASK]film", "[SEP]");
  EXPECT_THAT(encoding.ids, ElementsAre(2, 8, 4, 5, 3, 3, 3));
  EXPECT_THAT(encoding.special, ElementsAre(1, 0, 0, 0, 1, 0, 1));
  EXPECT_THAT(encoding.word_ids, ElementsAre(std::nullopt, 0, 1, 2, std::nullopt, 0, std::nullopt));
  EXPECT_EQ(encoding.offsets[2], (Encoding::Offset{1, 7}));
  EXPECT_EQ(encoding.sides[5], 1);
}

TEST(AddedTokens, EmptyOnesAreNone) {
  const auto tokenizer = open_with("", "");
  expect_tokens(*tokenizer, "a film", {"a", "film"}, {{0, 1}, {2, 6}});
  // One that normalises to nothing matches nowhere. (The reference cuts at every character then.)
  const auto vanishing = open_with("\u0301", R"(,"normalized":true)");
  expect_tokens(*vanishing, "a\u0301 film", {"a", "film"}, {{0, 1}, {3, 7}});
}

}  // namespace
}  // namespace ascribo
