// SPDX-License-Identifier: MIT
// Text as it is written: never half a character, never what may yet become a stop string.
#include "ascribo/explain/generate/written_text.h"

#include <gtest/gtest.h>

#include "ascribo/base/utf8.h"
#include "ascribo/text/tokenizer.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

// Adds tokens one by one; every stage must be the beginning of the whole, and valid.
std::string write(const Tokenizer& tokenizer, const std::vector<std::int64_t>& ids,
                  std::size_t prompt) {
  WrittenText written(&tokenizer, {ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(prompt)});
  std::vector<std::string> stages;
  for (std::size_t i = prompt; i < ids.size(); ++i) {
    written.add(ids[i]);
    stages.push_back(written.text());
  }
  written.end();
  for (const std::string& stage : stages) {
    EXPECT_TRUE(written.text().starts_with(stage));
    EXPECT_FALSE(find_invalid_utf8(stage)) << stage;
  }
  return written.text();
}

const char* const kTexts[] = {
    "the film was surprisingly good", "so  many   spaces \n\n and lines\n",
    "caf\xC3\xA9 \xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC 5 \xF0\x9F\x98\x80\xF0\x9F\x98\x80 "
    "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
    "don't 's 've a.b.c"};

TEST(WrittenText, IsTheTextOfAllTokens) {
  for (const char* folder :
       {"gpt2-lm", "sentencepiece/llama", "sentencepiece/xlm-roberta", "bert-cls", "roberta-cls"}) {
    const auto tokenizer = Tokenizer::open(test::golden_folder() / folder);
    for (const char* text : kTexts) {
      const std::vector<std::int64_t> ids = tokenizer->encode(text).ids;
      const std::string whole = tokenizer->decode(ids);
      for (std::size_t prompt = 1; prompt < ids.size(); ++prompt) {
        const auto middle = ids.begin() + static_cast<std::ptrdiff_t>(prompt);
        const std::string before = tokenizer->decode({ids.begin(), middle});
        if (before.ends_with("\xEF\xBF\xBD")) continue;  // the prompt ends inside a character
        EXPECT_EQ(before + write(*tokenizer, ids, prompt), whole) << folder << " " << prompt;
      }
    }
  }
}

TEST(WrittenText, BytesThatNeverBecomeACharacterAreShownAtTheEnd) {
  const auto tokenizer = Tokenizer::open(test::golden_folder() / "gpt2-lm");
  std::vector<std::int64_t> ids = tokenizer->encode("so \xE2\x82\xAC").ids;
  ids.pop_back();
  WrittenText written(tokenizer.get(), {ids[0]});
  for (std::size_t i = 1; i < ids.size(); ++i) written.add(ids[i]);
  EXPECT_EQ(written.text(), "o");  // the space is in the token that the character begins in
  written.end();
  EXPECT_EQ(written.text(), "o \xEF\xBF\xBD");
}

TEST(WrittenText, TokensWithoutTokenizerAreNumbers) {
  WrittenText written(nullptr, {5});
  written.add(7);
  written.add(12);
  written.end();
  EXPECT_EQ(written.text(), "#7 #12");
}

TEST(StopStrings, TheEarliestCounts) {
  const std::string text = "one two three";
  EXPECT_EQ(find_stop(text, 0, {"three", "two"})->begin, 4U);
  EXPECT_EQ(find_stop(text, 0, {"three", "two"})->which, 1U);
  EXPECT_FALSE(find_stop(text, 0, {"four"}));
  EXPECT_FALSE(find_stop(text, 0, {}));
  // What was searched before is not searched again, but a string may lie across.
  EXPECT_EQ(find_stop(text, 6, {"two"})->begin, 4U);
  EXPECT_FALSE(find_stop(text, 7, {"two"}));
}

TEST(StopStrings, HoldBackWhatMayBecomeOne) {
  EXPECT_EQ(certain_length("abcEN", {"END"}), 3U);
  EXPECT_EQ(certain_length("abcE", {"X", "END"}), 3U);
  EXPECT_EQ(certain_length("abc", {"END"}), 3U);
  EXPECT_EQ(certain_length("aa", {"aab"}), 0U);
  EXPECT_EQ(certain_length("E", {"END"}), 0U);
  EXPECT_EQ(certain_length("abc", {}), 3U);
}

}  // namespace
}  // namespace ascribo
