// SPDX-License-Identifier: MIT
// Where each pre-tokenizer cuts, with every behaviour.
#include <gmock/gmock.h>

#include "ascribo/text/stage.h"
#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;
using Words = std::vector<std::string>;

std::unique_ptr<PreTokenizer> make(const std::string& stage) {
  return make_pre_tokenizer(Json::parse(stage, "t.json"), "t.json");
}

Words words(const std::string& stage, std::string_view text) {
  std::vector<Split> splits;
  splits.push_back({NormalizedText(text), {}});
  make(stage)->apply(splits);
  Words result;
  for (const Split& split : splits) result.push_back(split.text.utf8());
  return result;
}

std::string split(const std::string& pattern, const std::string& behavior, bool invert = false) {
  return R"({"type":"Split","pattern":)" + pattern + R"(,"behavior":")" + behavior +
         R"(","invert":)" + (invert ? "true}" : "false}");
}

TEST(Split, EachBehaviour) {
  const char* dash = R"({"String":"-"})";
  const auto cut = [&](const char* behavior) {
    return words(split(dash, behavior), "the-final--countdown-");
  };
  EXPECT_EQ(cut("Removed"), (Words{"the", "final", "countdown"}));
  EXPECT_EQ(cut("Isolated"), (Words{"the", "-", "final", "-", "-", "countdown", "-"}));
  EXPECT_EQ(cut("MergedWithPrevious"), (Words{"the-", "final-", "-", "countdown-"}));
  EXPECT_EQ(cut("MergedWithNext"), (Words{"the", "-final", "-", "-countdown", "-"}));
  EXPECT_EQ(cut("Contiguous"), (Words{"the", "-", "final", "--", "countdown", "-"}));
  EXPECT_THAT(error_of(Code::kBadFile, [&] { make(split(dash, "Dropped")); }),
              HasSubstr("the behavior \"Dropped\"; expected one of Removed, Isolated, "
                        "MergedWithPrevious, MergedWithNext, Contiguous"));
}

TEST(Split, PatternsAndTheirOpposite) {
  EXPECT_EQ(words(split(R"({"Regex":"\\d{1,3}"})", "Isolated"), "a12345b"),
            (Words{"a", "123", "45", "b"}));
  EXPECT_EQ(words(split(R"({"Regex":"\\w+|[^\\w\\s]+"})", "Removed", true), "Hi, you"),
            (Words{"Hi", ",", "you"}));
  EXPECT_EQ(make(split(R"({"Regex":"a+"})", "Removed", true))->describe(),
            "Split (Removed, all but /a+/)");
  EXPECT_EQ(make(split(R"({"String":"a"})", "Isolated"))->describe(), "Split (Isolated, \"a\")");
  EXPECT_THAT(error_of(Code::kBadFile, [] { make(split(R"({"Regex":"a(?"})", "Removed")); }),
              HasSubstr("[t.json] the pattern \"a(?\": end pattern"));
}

TEST(Whitespace, WordsAndRunsOfSigns) {
  EXPECT_EQ(words(R"({"type":"Whitespace"})", "Don't stop!? \u00E9t\u00E9_1\u3000\u4E2D"),
            (Words{"Don", "'", "t", "stop", "!?", "\u00E9t\u00E9_1", "\u4E2D"}));
  EXPECT_EQ(words(R"({"type":"WhitespaceSplit"})", " Don't  stop!?\t"), (Words{"Don't", "stop!?"}));
}

TEST(Punctuation, Behaviours) {
  EXPECT_EQ(words(R"({"type":"Punctuation"})", "a b!?c"), (Words{"a b", "!", "?", "c"}));
  EXPECT_EQ(words(R"({"type":"Punctuation","behavior":"Contiguous"})", "a b!?c"),
            (Words{"a b", "!?", "c"}));
  EXPECT_EQ(make(R"({"type":"Punctuation"})")->describe(), "Punctuation (Isolated)");
}

TEST(Digits, TogetherOrEachAlone) {
  EXPECT_EQ(words(R"({"type":"Digits","individual_digits":true})", "a12 \u0663\u00BD\u2167"),
            (Words{"a", "1", "2", " ", "\u0663", "\u00BD", "\u2167"}));
  EXPECT_EQ(words(R"({"type":"Digits"})", "a12b"), (Words{"a", "12", "b"}));
}

TEST(CharDelimiterSplit, DropsItsCharacter) {
  EXPECT_EQ(words(R"({"type":"CharDelimiterSplit","delimiter":"\u00b7"})", "a\u00B7\u00B7b c"),
            (Words{"a", "b c"}));
  EXPECT_THAT(
      error_of(Code::kBadFile, [] { make(R"({"type":"CharDelimiterSplit","delimiter":"ab"})"); }),
      HasSubstr("the delimiter \"ab\"; expected one character"));
}

TEST(PreTokenizerSequence, EachCutsWhatTheOneBeforeLeft) {
  const char* stage = R"({"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},
      {"type":"Digits"},{"type":"Punctuation"}]})";
  EXPECT_EQ(words(stage, "ab12 c."), (Words{"ab", "12", "c", "."}));
  EXPECT_EQ(make(stage)->describe(), "Sequence [WhitespaceSplit, Digits, Punctuation (Isolated)]");
  EXPECT_THAT(error_of(Code::kUnsupported,
                       [] { make(R"({"type":"Sequence","pretokenizers":[{"type":"No"}]})"); }),
              HasSubstr("unknown pre_tokenizer type \"No\"; known are BertPreTokenizer"));
}

}  // namespace
}  // namespace ascribo
