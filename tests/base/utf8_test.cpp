// SPDX-License-Identifier: MIT
// UTF-8: the table of what is valid, decoding and slicing.
#include "ascribo/base/utf8.h"

#include <gmock/gmock.h>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

using testing::ElementsAre;

std::size_t first_error(std::string_view text) {
  return find_invalid_utf8(text).value_or(std::string_view::npos);
}

TEST(Utf8, ValidTextHasNoError) {
  EXPECT_EQ(find_invalid_utf8(""), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("plain text that is longer than eight bytes"), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("naïve 日本語 🎉 end"), std::nullopt);
  EXPECT_EQ(find_invalid_utf8(std::string_view("\0\x7F", 2)), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"), std::nullopt);
}

TEST(Utf8, NamesTheFirstWrongByte) {
  EXPECT_EQ(first_error("\x80"), 0U);
  EXPECT_EQ(first_error("12345678\xFF"), 8U);
  EXPECT_EQ(first_error("é\xC3"), 2U);                 // cut short
  EXPECT_EQ(first_error("ab\xE2\x82"), 2U);            // cut short
  EXPECT_EQ(first_error("ab\xE2\x28\xA1"), 2U);        // no continuation
  EXPECT_EQ(first_error("\xC0\xAF"), 0U);              // overlong '/'
  EXPECT_EQ(first_error("\xC1\xBF"), 0U);              // overlong
  EXPECT_EQ(first_error("\xE0\x9F\xBF"), 0U);          // overlong
  EXPECT_EQ(first_error("\xF0\x8F\xBF\xBF"), 0U);      // overlong
  EXPECT_EQ(first_error("\xED\xA0\x80"), 0U);          // surrogate
  EXPECT_EQ(first_error("\xED\xBF\xBF"), 0U);          // surrogate
  EXPECT_EQ(first_error("\xF4\x90\x80\x80"), 0U);      // past U+10FFFF
  EXPECT_EQ(first_error("\xF5\x80\x80\x80"), 0U);      // no such first byte
  EXPECT_EQ(first_error("日本\xF8\x88\x80\x80"), 6U);  // five-byte form
}

TEST(Utf8, DecodesWithByteOffsets) {
  std::vector<std::uint32_t> values;
  std::vector<std::size_t> bytes;
  for (const CodePoint& point : decode_utf8("aé日🎉")) {
    values.push_back(point.value);
    bytes.push_back(point.byte);
  }
  EXPECT_THAT(values, ElementsAre(0x61U, 0xE9U, 0x65E5U, 0x1F389U));
  EXPECT_THAT(bytes, ElementsAre(0U, 1U, 3U, 6U));
  EXPECT_TRUE(decode_utf8("").empty());
}

TEST(Utf8, EveryCodePointSurvivesARoundTrip) {
  for (char32_t value = 0; value <= 0x10FFFF; ++value) {
    if (value >= 0xD800 && value <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, value);
    const auto decoded = decode_utf8(text);
    ASSERT_EQ(decoded.size(), 1U);
    ASSERT_EQ(decoded[0].value, value);
    ASSERT_EQ(find_invalid_utf8(text), std::nullopt);
    ASSERT_EQ(count_code_points(text), 1);
  }
}

TEST(Utf8, CountsAndSlicesByCodePoints) {
  const std::string_view text = "aé日🎉z";
  EXPECT_EQ(count_code_points(text), 5);
  EXPECT_EQ(slice_code_points(text, 0, 5), text);
  EXPECT_EQ(slice_code_points(text, 1, 3), "é日");
  EXPECT_EQ(slice_code_points(text, 3, 4), "🎉");
  EXPECT_EQ(slice_code_points(text, 2, 2), "");
  EXPECT_EQ(slice_code_points(text, 4, 99), "z");
  EXPECT_EQ(slice_code_points(text, 9, 10), "");
}

TEST(Utf8, ReplacesWhatIsNotValid) {
  EXPECT_EQ(replace_invalid_utf8("a\u00E9\U0001F600"), "a\u00E9\U0001F600");
  EXPECT_EQ(replace_invalid_utf8(""), "");
  // The examples of the Unicode standard, chapter 3.9.
  EXPECT_EQ(replace_invalid_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"),
            "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41");
  EXPECT_EQ(replace_invalid_utf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"),
            "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41");
  EXPECT_EQ(replace_invalid_utf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
            "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41\uFFFD\uFFFD\x42");
  EXPECT_EQ(replace_invalid_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"),
            "\uFFFD\uFFFD\uFFFD\uFFFD\x41");
}

TEST(Utf8, InvalidTextIsRefusedByName) {
  try {
    require_utf8("ab\xFF", "input");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kBadText);
    EXPECT_STREQ(error.what(),
                 "[input] byte 2 is not valid UTF-8; expected UTF-8 text. "
                 "Hint: convert it, e.g. with iconv -t UTF-8");
  }
  EXPECT_THROW(decode_utf8("\xC3"), Error);
  require_utf8("fine", "input");
}

}  // namespace
}  // namespace ascribo
