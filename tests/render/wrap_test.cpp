// SPDX-License-Identifier: MIT
// Text made visible and broken into lines by its width on screen.
#include "ascribo/render/wrap.h"

#include <gtest/gtest.h>

#include "ascribo/render/visible.h"
#include "plain_text.h"

namespace ascribo {
namespace {

std::string wrapped(const std::string& text, int width, const std::string& indent = "") {
  LineWrapper wrapper(width, indent);
  wrapper.add(text);
  return wrapper.str();
}

TEST(Visible, shows_what_terminals_would_obey) {
  EXPECT_EQ(visible("\x1b[31m"), "␛[31m");
  EXPECT_EQ(visible("a\tb\r\n"), "a␉b␍␊");
  EXPECT_EQ(visible("a\nb", Newlines::kKeep), "a\nb");
  EXPECT_EQ(visible(std::string_view("\0\x7f", 2)), "␀␡");
  EXPECT_EQ(visible("\xC2\x9B"), "<U+009B>");
  EXPECT_EQ(visible("\xE2\x80\xAE"), "<U+202E>");
  EXPECT_EQ(visible("\xE2\x81\xA9"), "<U+2069>");
  EXPECT_EQ(visible("café 日本 🙂"), "café 日本 🙂");
}

TEST(Visible, replaces_what_is_no_utf8) {
  EXPECT_EQ(visible("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(visible("\xE2\x82"), "\uFFFD\uFFFD");
}

TEST(LineWrapper, breaks_after_spaces) {
  EXPECT_EQ(wrapped("one two three", 8), "one two \nthree\n");
  EXPECT_EQ(wrapped("one two  three", 8), "one two  \nthree\n");
  EXPECT_EQ(wrapped("one two three", 80), "one two three\n");
  EXPECT_EQ(wrapped("", 80), "");
}

TEST(LineWrapper, breaks_words_longer_than_a_line) {
  EXPECT_EQ(wrapped("abcdefghijkl", 8), "abcdefgh\nijkl\n");
  EXPECT_EQ(wrapped("ab abcdefghijkl", 8), "ab \nabcdefgh\nijkl\n");
}

TEST(LineWrapper, counts_wide_characters_twice) {
  EXPECT_EQ(display_width("日本"), 4);
  EXPECT_EQ(display_width("🙂"), 2);
  EXPECT_EQ(display_width("e\xCC\x81"), 1);
  EXPECT_EQ(wrapped("日本語文章例", 8), "日本語文\n章例\n");
}

TEST(LineWrapper, keeps_accents_with_their_letter) {
  EXPECT_EQ(wrapped("abcdefge\xCC\x81z", 8), "abcdefge\xCC\x81\nz\n");
}

TEST(LineWrapper, keeps_newlines_and_indents_every_line) {
  EXPECT_EQ(wrapped("a\n\nb", 80, "  "), "  a\n  \n  b\n");
}

TEST(LineWrapper, closes_a_style_at_the_end_of_each_line) {
  LineWrapper wrapper(8, "  ");
  wrapper.add("plain ");
  wrapper.add("red words", "\x1b[31m");
  EXPECT_EQ(wrapper.str(), "  plain \n  \x1b[31mred \x1b[0m\n  \x1b[31mwords\x1b[0m\n");
}

TEST(LineWrapper, loses_nothing_at_any_width) {
  const std::string text =
      "Ein  längerer Satz, 日本語 mixed in, a-very-long-hyphenated-word 🙂🙂🙂.";
  for (int width = 1; width < 90; ++width) {
    EXPECT_EQ(replaced(wrapped(text, width), "\n", ""), text) << width;
  }
}

}  // namespace
}  // namespace ascribo
