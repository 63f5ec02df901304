// SPDX-License-Identifier: MIT
// Patterns: where they match, what is refused, and that none runs forever.
#include "ascribo/text/patterns/regex.h"

#include <gmock/gmock.h>

#include <thread>

#include "ascribo/text/stage.h"
#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using Match = Regex::Match;

std::vector<Match> find(const char* pattern, std::string_view text) {
  return Regex(pattern, "t.json").find_all(NormalizedText(text));
}

TEST(Regex, FindsInCodePointsAndInBytes) {
  EXPECT_THAT(find("\\p{L}+", "\u00E9t\u00E9 \u4E2D"), ElementsAre(Match{0, 3}, Match{4, 5}));
  EXPECT_THAT(Regex("\\p{L}+", "t.json").find_all("\u00E9t\u00E9 \u4E2D"),
              ElementsAre(Match{0, 5}, Match{6, 9}));
  EXPECT_THAT(find("x", ""), ElementsAre());
  EXPECT_THAT(find("(?i:'s)|\\s+(?!\\S)", "it'S  ok "),
              ElementsAre(Match{2, 4}, Match{4, 5}, Match{8, 9}));
}

TEST(Regex, EmptyMatchesComeOnceAndNotAfterAnother) {
  EXPECT_THAT(find("", "a\u4E2D"), ElementsAre(Match{0, 0}, Match{1, 1}, Match{2, 2}));
  EXPECT_THAT(find("b*", "abbc"), ElementsAre(Match{0, 0}, Match{1, 3}, Match{4, 4}));
  EXPECT_THAT(find("", ""), ElementsAre());
}

TEST(Regex, LiteralTakesEverySignAsItIs) {
  const std::string signs = "\\.+*?()|[]{}^$#&-~\u00E9 ,";
  EXPECT_THAT(Regex::literal(signs, "t.json").find_all(NormalizedText("a" + signs)),
              ElementsAre(Match{1, 22}));
}

TEST(Regex, KnowsTheCharactersOfTheReference) {
  // A letter of Unicode 15.1, a digit of 16, a symbol of 15, a syllable's vowel of 16; what came
  // later is nothing yet.
  EXPECT_THAT(find("\\p{Han}", "\U0002EBF0"), ElementsAre(Match{0, 1}));
  EXPECT_THAT(find("\\p{Nd}+", "a\U0001CCF1\u0661"), ElementsAre(Match{1, 3}));
  EXPECT_THAT(find("\\p{So}", "\U0001FAE8"), ElementsAre(Match{0, 1}));
  EXPECT_THAT(find("\\p{Lo}\\p{Mn}\\p{Mc}", "\U00011390\U000113BB\U000113B8"),
              ElementsAre(Match{0, 3}));
  EXPECT_THAT(find("\\p{L}", "\U0002EE5E\U000323B0"), ElementsAre());
  EXPECT_THAT(Regex("\\w", "t.json").find_all("\U0001E4D0x"),
              ElementsAre(Match{0, 4}, Match{4, 5}));
  // A pattern that names one of them means that one.
  EXPECT_THAT(find("\U0002EBF1", "\U0002EBF0\U0002EBF1"), ElementsAre(Match{1, 2}));
  EXPECT_THAT(find("[[:punct:]]+", "a+$!"), ElementsAre(Match{1, 4}));
  EXPECT_THAT(find("[[:^punct:]]+", "a+$!"), ElementsAre(Match{0, 1}));
}

TEST(Regex, SaysWhatDoesNotCompile) {
  EXPECT_THAT(error_of(Code::kBadFile, [] { Regex("(a", "t.json"); }),
              StartsWith("[t.json] the pattern \"(a\": end pattern with unmatched parenthesis; "
                         "expected a regular expression in Oniguruma's syntax"));
  EXPECT_THAT(error_of(Code::kBadFile, [] { Regex("\\p{Nothing}", "t.json"); }),
              HasSubstr("invalid character property name {Nothing}"));
  EXPECT_THAT(error_of(Code::kBadFile, [] { Regex("[b-a]", "t.json"); }), HasSubstr("empty range"));
}

TEST(Regex, DoesNotTryForever) {
  const std::string text = std::string(40, 'a') + "b";
  EXPECT_THAT(
      error_of(Code::kUnsupported, [&] { find("^(a|a)*$", text); }),
      HasSubstr("the pattern \"^(a|a)*$\" on this text: retry-limit-in-match over; expected "
                "a pattern that does not try endlessly many ways to match"));
}

TEST(Regex, MayBeUsedByManyThreads) {
  const Regex regex("\\w+", "t.json");
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 200; ++turn) right += regex.find_all("one two three").size() == 3;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 800);
}

struct Replaced {
  std::string text;
  std::vector<std::pair<int, int>> sources;
};

Replaced replace(const std::string& pattern, const std::string& content, std::string_view utf8) {
  NormalizedText text(utf8);
  const std::string description =
      R"({"type":"Replace","pattern":)" + pattern + R"(,"content":")" + content + "\"}";
  make_normalizer(Json::parse(description, "t.json"), "t.json")->apply(text);
  Replaced replaced{text.utf8(), {}};
  for (const NormalizedChar& c : text.chars()) replaced.sources.emplace_back(c.start, c.end);
  return replaced;
}

TEST(Replace, KeepsTheWayBack) {
  const Replaced longer = replace(R"({"String":"``"})", "<'>", "a``b");
  EXPECT_EQ(longer.text, "a<'>b");
  EXPECT_THAT(longer.sources, ElementsAre(std::pair{0, 1}, std::pair{2, 3}, std::pair{2, 3},
                                          std::pair{2, 3}, std::pair{3, 4}));
  EXPECT_EQ(replace(R"({"Regex":" {2,}"})", " ", "a   b  c d").text, "a b c d");
  EXPECT_EQ(replace(R"({"String":"ab"})", "", "abcab").text, "c");
  EXPECT_EQ(replace(R"({"Regex":"^"})", "x", "").text, "");
  const Replaced inserted = replace(R"({"String":""})", "-", "ab");
  EXPECT_EQ(inserted.text, "-a-b-");
  EXPECT_THAT(inserted.sources, ElementsAre(std::pair{0, 0}, std::pair{0, 1}, std::pair{0, 1},
                                            std::pair{1, 2}, std::pair{1, 2}));
}

TEST(Replace, NeedsAPattern) {
  EXPECT_THAT(
      error_of(Code::kBadFile, [] { replace(R"("abc")", "", "x"); }),
      HasSubstr("the pattern \"abc\"; expected {\"String\": a text} or {\"Regex\": a regular "
                "expression}"));
  EXPECT_THAT(error_of(Code::kBadFile, [] { replace(R"({"Regex":"["})", "", "x"); }),
              HasSubstr("premature end of char-class"));
}

}  // namespace
}  // namespace ascribo
