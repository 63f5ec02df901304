// SPDX-License-Identifier: MIT
// Byte-pair encoding and whole words: every setting, and vocabularies that do not fit together.
#include <gmock/gmock.h>

#include "ascribo/text/stage.h"
#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;

std::unique_ptr<Vocabulary> make(const std::string& json) {
  return make_vocabulary(Json::parse(json, "t.json"), "t.json");
}

/// The tokens of a word, each as text:begin-end.
std::vector<std::string> cut(const Vocabulary& vocabulary, std::string_view word) {
  std::vector<Token> tokens;
  vocabulary.tokenize(NormalizedText(word), tokens);
  std::vector<std::string> shown;
  for (const Token& token : tokens) {
    EXPECT_EQ(vocabulary.piece(token.id), token.text);
    shown.push_back(token.text + ":" + std::to_string(token.begin) + "-" +
                    std::to_string(token.end));
  }
  return shown;
}

constexpr const char* kVocab =
    R"("vocab":{"<unk>":0,"a":1,"b":2,"c":3,"ab":4,"bc":5,"abc":6,"\u00e9":7,"a\u00e9":8,"x y":9,
    "x":10," y":11})";

std::string bpe(const std::string& merges, const std::string& settings = "") {
  return R"({"type":"BPE",)" + std::string(kVocab) + R"(,"merges":[)" + merges + "]" + settings +
         "}";
}

TEST(Bpe, TheEarliestMergeComesFirstThenTheLeftmost) {
  EXPECT_THAT(cut(*make(bpe(R"("a b","b c","ab c")")), "abcbc"), ElementsAre("abc:0-3", "bc:3-5"));
  EXPECT_THAT(cut(*make(bpe(R"("b c","a b","ab c")")), "abc"), ElementsAre("a:0-1", "bc:1-3"));
  EXPECT_THAT(cut(*make(bpe(R"("b c","a bc")")), "abc"), ElementsAre("abc:0-3"));
  EXPECT_THAT(cut(*make(bpe("")), "ab"), ElementsAre("a:0-1", "b:1-2"));
  EXPECT_THAT(cut(*make(bpe(R"("a \u00e9")")), "a\u00E9b"), ElementsAre("a\u00E9:0-2", "b:2-3"));
}

TEST(Bpe, MergesInEitherNotation) {
  EXPECT_THAT(cut(*make(bpe(R"("#version: 0.2",["a","b"],["x"," y"])")), "ab"),
              ElementsAre("ab:0-2"));
  EXPECT_EQ(make(bpe(R"(["a","b"],["x"," y"])"))->describe(), "BPE (12 pieces, 2 merges)");
}

TEST(Bpe, WhatIsUnknown) {
  const std::string unk = R"(,"unk_token":"<unk>")";
  EXPECT_THAT(cut(*make(bpe("")), "a\u4E2Db"), ElementsAre("a:0-1", "b:1-2"));
  EXPECT_THAT(cut(*make(bpe("", unk)), "?!a?"),
              ElementsAre("<unk>:0-1", "<unk>:1-2", "a:2-3", "<unk>:3-4"));
  EXPECT_THAT(cut(*make(bpe("", unk + R"(,"fuse_unk":true)")), "?\u4E2Da?"),
              ElementsAre("<unk>:0-2", "a:2-3", "<unk>:3-4"));
  EXPECT_EQ(make(bpe("", unk))->unknown(), 0);
  EXPECT_EQ(make(bpe(""))->unknown(), std::nullopt);
  const auto missing = make(bpe("", R"(,"unk_token":"?")"));
  EXPECT_THAT(cut(*missing, "ab"), ElementsAre("a:0-1", "b:1-2"));
  EXPECT_THAT(error_of(Code::kBadFile, [&] { cut(*missing, "a!"); }),
              HasSubstr("[t.json] the character \"!\" is not in the vocabulary, nor is the unknown "
                        "token \"?\"; expected the unknown token among the 12 pieces"));
}

TEST(Bpe, BytesForWhatIsUnknown) {
  const auto vocabulary = make(R"({"type":"BPE","vocab":{"<unk>":0,"a":1,"<0xC3>":2,"<0xA9>":3,
      "<0x0A>":4,"<0xC3><0xA9>":5},"merges":[],"unk_token":"<unk>","byte_fallback":true})");
  EXPECT_THAT(cut(*vocabulary, "a\u00E9\n"),
              ElementsAre("a:0-1", "<0xC3>:1-2", "<0xA9>:1-2", "<0x0A>:2-3"));
  // Only when there is a piece for each byte.
  EXPECT_THAT(cut(*vocabulary, "\u00E8a"), ElementsAre("<unk>:0-1", "a:1-2"));
}

TEST(Bpe, PrefixWithinAWordAndSuffixAtItsEnd) {
  const auto vocabulary = make(R"({"type":"BPE","vocab":{"a":0,"##b":1,"##b</w>":2,"a</w>":3,
      "ab":4,"ab</w>":5},"merges":["a ##b","a ##b</w>"],"continuing_subword_prefix":"##",
      "end_of_word_suffix":"</w>"})");
  EXPECT_THAT(cut(*vocabulary, "ab"), ElementsAre("ab</w>:0-2"));
  EXPECT_THAT(cut(*vocabulary, "abb"), ElementsAre("ab:0-2", "##b</w>:2-3"));
  EXPECT_THAT(cut(*vocabulary, "a"), ElementsAre("a</w>:0-1"));
}

TEST(Bpe, WholeWordsBeforeMerges) {
  EXPECT_THAT(cut(*make(bpe("", R"(,"ignore_merges":true)")), "abc"), ElementsAre("abc:0-3"));
  EXPECT_THAT(cut(*make(bpe("", R"(,"ignore_merges":true)")), "abca"),
              ElementsAre("a:0-1", "b:1-2", "c:2-3", "a:3-4"));
}

TEST(Bpe, LongWordsTakeNoLonger) {
  const auto vocabulary =
      make(R"({"type":"BPE","vocab":{"a":0,"aa":1,"aaaa":2},"merges":["a a","aa aa"]})");
  std::vector<Token> tokens;
  vocabulary->tokenize(NormalizedText(std::string(400'000, 'a')), tokens);
  ASSERT_EQ(tokens.size(), 100'000U);
  EXPECT_EQ(tokens.back().id, 2);
  EXPECT_EQ(tokens.back().end, 400'000U);
}

TEST(Bpe, SaysWhichMergeDoesNotFit) {
  const auto message = [](const std::string& json) {
    return error_of(Code::kBadFile, [&] { make(json); });
  };
  EXPECT_THAT(message(bpe(R"("a b","a z")")),
              HasSubstr("[t.json] merge 1 (\"a\", \"z\") needs \"z\", which is not in the "
                        "vocabulary; expected both parts and what they make up among its 12"));
  EXPECT_THAT(message(bpe(R"(["b","a"])")), HasSubstr("merge 0 (\"b\", \"a\") needs \"ba\""));
  for (const char* merge : {R"("ab")", R"("a b c")", R"(["a"])", R"(["a","b","c"])", "7"}) {
    EXPECT_THAT(message(bpe(merge)), HasSubstr("merge 0 is " + std::string(merge) +
                                               R"(; expected "a b" or ["a", "b"])"));
  }
  EXPECT_THAT(message(R"({"type":"BPE","vocab":{}})"), HasSubstr("\"merges\""));
  EXPECT_THAT(
      error_of(Code::kUnsupported, [] { make(bpe("", R"(,"dropout":0.1)")); }),
      HasSubstr("the model's dropout is 0.1; expected 0 or null: with dropout a text is cut "
                "at random"));
  EXPECT_THAT(cut(*make(bpe("", R"(,"dropout":0.0)")), "a"), ElementsAre("a:0-1"));
}

TEST(WordLevel, AWordIsAPieceOrUnknown) {
  const auto vocabulary = make(R"({"unk_token":"?","vocab":{"?":0,"film":1}})");
  EXPECT_THAT(cut(*vocabulary, "film"), ElementsAre("film:0-4"));
  EXPECT_THAT(cut(*vocabulary, "films"), ElementsAre("?:0-5"));
  EXPECT_EQ(vocabulary->describe(), "WordLevel (2 pieces, unknown ?)");
  const auto missing = make(R"({"type":"WordLevel","unk_token":"?","vocab":{"film":1}})");
  EXPECT_THAT(error_of(Code::kBadFile, [&] { cut(*missing, "films"); }),
              HasSubstr("the word \"films\" is not in the vocabulary, nor is the unknown token"));
}

}  // namespace
}  // namespace ascribo
