// SPDX-License-Identifier: MIT
// Where words, sentences and clauses of a text begin.
#include "ascribo/text/sentences.h"

#include <gmock/gmock.h>

#include "ascribo/base/utf8.h"
#include "ascribo/text/text_words.h"

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Find = std::vector<std::int32_t> (*)(std::span<const char32_t> text);

/// The parts of a text, without the white space at their ends.
std::vector<std::string> cut(Find find, std::string_view utf8) {
  std::vector<char32_t> text;
  for (const CodePoint& c : decode_utf8(utf8)) text.push_back(c.value);
  std::vector<std::int32_t> starts = find(text);
  EXPECT_EQ(text.empty(), starts.empty());
  if (!starts.empty()) {
    EXPECT_EQ(starts.front(), 0);
  }
  starts.push_back(static_cast<std::int32_t>(text.size()));
  std::vector<std::string> parts;
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
    EXPECT_LT(starts[i], starts[i + 1]);
    std::string part(slice_code_points(utf8, starts[i], starts[i + 1]));
    const std::size_t last = part.find_last_not_of(" \n\r\t");
    part.resize(last == std::string::npos ? 0 : last + 1);
    parts.push_back(part);
  }
  return parts;
}

std::vector<std::string> sentences(std::string_view text) { return cut(find_sentences, text); }
std::vector<std::string> clauses(std::string_view text) { return cut(find_clauses, text); }
std::vector<std::string> words(std::string_view text) { return cut(find_text_words, text); }

TEST(Sentences, EndAtAStopWithSpaceAfter) {
  EXPECT_THAT(sentences("It is dull. Why?! I left.  "),
              ElementsAre("It is dull.", "Why?!", "I left."));
  EXPECT_THAT(sentences("I didn't like it... at ALL!"),
              ElementsAre("I didn't like it...", "at ALL!"));
  EXPECT_THAT(sentences("3.5/10 at example.com, v1.2.3"),
              ElementsAre("3.5/10 at example.com, v1.2.3"));
  EXPECT_THAT(sentences("No end; none: here, at all"), ElementsAre("No end; none: here, at all"));
  EXPECT_THAT(sentences("Wait\u2026 what\u2047 Yes."),
              ElementsAre("Wait\u2026", "what\u2047", "Yes."));
  EXPECT_THAT(sentences(""), IsEmpty());
  EXPECT_THAT(sentences("..."), ElementsAre("..."));
  EXPECT_THAT(sentences(". a"), ElementsAre(".", "a"));
}

TEST(Sentences, DoNotEndAtAbbreviations) {
  for (const char* text :
       {"Mr. Smith and Dr. Jones met Prof. Li.", "See e.g. the U.S. or the U.K. version.",
        "J. R. R. Tolkien wrote it.", "Films etc. are listed, cf. no. 7 and fig. 3.",
        "It began at 8 a.m. sharp.", "(vs. the other)", "She has a Ph.D. in film.",
        "1. First point", "  12. Twelfth"}) {
    EXPECT_THAT(sentences(text), testing::SizeIs(1)) << text;
  }
  EXPECT_THAT(sentences("No. He left."), ElementsAre("No.", "He left."));
  EXPECT_THAT(sentences("So did I. He left."), ElementsAre("So did I.", "He left."));
  EXPECT_THAT(sentences("That is it. In 1999. Bad."),
              ElementsAre("That is it.", "In 1999.", "Bad."));
}

TEST(Sentences, TakeTheirQuotesWithThem) {
  EXPECT_THAT(sentences("\"Stop!\" he said. (Really.) Yes."),
              ElementsAre("\"Stop!\" he said.", "(Really.)", "Yes."));
  EXPECT_THAT(sentences("\u201CNo.\u201D She left."), ElementsAre("\u201CNo.\u201D", "She left."));
}

TEST(Sentences, EndAtAnEmptyLine) {
  EXPECT_THAT(sentences("A title\n\nThe text\ngoes on"),
              ElementsAre("A title", "The text\ngoes on"));
  EXPECT_THAT(sentences("A title\r\n \r\nThe text\r\ngoes"),
              ElementsAre("A title", "The text\r\ngoes"));
  EXPECT_THAT(sentences("Written by Mr.\n\nNext"), ElementsAre("Written by Mr.", "Next"));
}

TEST(Sentences, EndWithoutSpaceWhereTheScriptHasNone) {
  EXPECT_THAT(sentences("\u4F60\u597D\u3002\u518D\u89C1\uFF01\u300D\u597D"),
              ElementsAre("\u4F60\u597D\u3002", "\u518D\u89C1\uFF01\u300D", "\u597D"));
  EXPECT_THAT(sentences("\u0906\u092F\u093E\u0964 \u0917\u092F\u093E\u0964"),
              ElementsAre("\u0906\u092F\u093E\u0964", "\u0917\u092F\u093E\u0964"));
}

TEST(Clauses, EndAtCommasToo) {
  EXPECT_THAT(clauses("a gripping, funny film: 1,000 at 10:30; good. Yes"),
              ElementsAre("a gripping,", "funny film:", "1,000 at 10:30;", "good.", "Yes"));
  EXPECT_THAT(clauses("\u4F60\uFF0C\u597D\u3002"), ElementsAre("\u4F60\uFF0C", "\u597D\u3002"));
  EXPECT_THAT(clauses("Mr. Smith, e.g., left"), ElementsAre("Mr. Smith,", "e.g.,", "left"));
}

TEST(TextWords, AreThoseAReaderSees) {
  EXPECT_THAT(words("I don't know_it, 1,000.5 e.g. well-made!!"),
              ElementsAre("I", "don't", "know_it", ",", "1,000.5", "e.g", ".", "well", "-", "made",
                          "!", "!"));
  EXPECT_THAT(
      words("caf\u00E9 cafe\u0301s \u00C5 3D a.1 'a'"),
      ElementsAre("caf\u00E9", "cafe\u0301s", "\u00C5", "3D", "a", ".", "1", "'", "a", "'"));
  EXPECT_THAT(words(""), IsEmpty());
  EXPECT_THAT(words("  a"), ElementsAre("", "a"));
}

TEST(TextWords, AreSingleCharactersInScriptsWithoutSpaces) {
  EXPECT_THAT(words("\u96FB\u5F71\u306F ok\u3002"),
              ElementsAre("\u96FB", "\u5F71", "\u306F", "ok", "\u3002"));
  EXPECT_THAT(words("\u30D3\u30FC\u30EB\u3092"), ElementsAre("\u30D3\u30FC\u30EB", "\u3092"));
  EXPECT_THAT(words("\u0E14\u0E35\u0E21\u0E32\u0E01"),
              ElementsAre("\u0E14\u0E35", "\u0E21", "\u0E32", "\u0E01"));
  EXPECT_THAT(words("\uC601\uD654\uAC00 \uC7AC"), ElementsAre("\uC601\uD654\uAC00", "\uC7AC"));
}

TEST(TextWords, KeepEmojiAndFlagsWhole) {
  const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";
  const std::string thumb = "\U0001F44D\U0001F3FD", flag = "\U0001F1E9\U0001F1EA";
  EXPECT_THAT(words(family + thumb + flag + flag + "a"),
              ElementsAre(family, thumb, flag, flag, "a"));
}

}  // namespace
}  // namespace ascribo
