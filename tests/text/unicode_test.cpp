// SPDX-License-Identifier: MIT
// Lower case, decomposition and character classes, by examples from the Unicode standard.
#include "ascribo/text/unicode.h"

#include <gtest/gtest.h>

#include "ascribo/text/character_classes.h"
#include "ascribo/text/normal_forms.h"

namespace ascribo {
namespace {

std::string lower(std::string_view utf8) {
  NormalizedText text(utf8);
  to_lower_case(text);
  return text.utf8();
}

std::string nfd(std::string_view utf8) {
  NormalizedText text(utf8);
  to_nfd(text);
  return text.utf8();
}

TEST(LowerCase, OfManyScripts) {
  EXPECT_EQ(lower("AZaz09[]"), "azaz09[]");
  EXPECT_EQ(lower("\u00C9\u0141\u00D8"), "\u00E9\u0142\u00F8");
  EXPECT_EQ(lower("\u041F\u0401"), "\u043F\u0451");
  EXPECT_EQ(lower("\u1E9E\u01C5"), "\u00DF\u01C6");
  EXPECT_EQ(lower("\U00010400\U0001E900"), "\U00010428\U0001E922");
  EXPECT_EQ(lower("\u2126\u212A\u212B"), "\u03C9k\u00E5");
}

TEST(LowerCase, HasNoContext) { EXPECT_EQ(lower("\u03A3\u039F\u03A3"), "\u03C3\u03BF\u03C3"); }

TEST(LowerCase, MayBeSeveralCodePoints) {
  NormalizedText text("a\u0130b");
  to_lower_case(text);
  EXPECT_EQ(text.utf8(), "ai\u0307b");
  EXPECT_EQ(text.source(1, 2), (Encoding::Offset{1, 2}));
  EXPECT_EQ(text.source(2, 3), (Encoding::Offset{1, 2}));
  EXPECT_EQ(text.source(3, 4), (Encoding::Offset{2, 3}));
}

TEST(LowerCase, KnowsRecentLetters) {
  EXPECT_EQ(lower("\u1C89\uA7CB\uA7DC"), "\u1C8A\u0264\u019B");
  EXPECT_EQ(lower("\U00010D50\U00016EA0"), "\U00010D70\U00016EBB");
}

TEST(Nfd, DecomposesFully) {
  EXPECT_EQ(nfd("caf\u00E9"), "cafe\u0301");
  EXPECT_EQ(nfd("\u1E69"), "s\u0323\u0307");
  EXPECT_EQ(nfd("\uD55C"), "\u1112\u1161\u11AB");
  EXPECT_EQ(nfd("\u212B"), "A\u030A");
  EXPECT_EQ(nfd("\uFB01\u00BD"), "\uFB01\u00BD");
}

TEST(Nfd, OrdersMarksByTheirClass) {
  EXPECT_EQ(nfd("q\u0307\u0323"), "q\u0323\u0307");
  EXPECT_EQ(nfd("\u1E0B\u0323"), "d\u0323\u0307");
  EXPECT_EQ(nfd("a\u0301\u0300"), "a\u0301\u0300");
  EXPECT_EQ(nfd("\u0301\u0323x\u0301\u0323"), "\u0323\u0301x\u0323\u0301");
}

TEST(Nfd, KeepsTheWayBack) {
  NormalizedText text("x\u00E9y");
  to_nfd(text);
  EXPECT_EQ(text.source(1, 2), (Encoding::Offset{1, 2}));
  EXPECT_EQ(text.source(2, 3), (Encoding::Offset{1, 2}));
  EXPECT_EQ(text.source(3, 4), (Encoding::Offset{2, 3}));
}

TEST(Nfd, StopsAtUnicode9) {
  EXPECT_EQ(nfd("\U00011938"), "\U00011938");
  EXPECT_EQ(combining_class(0x0301), 230);
  EXPECT_EQ(combining_class(0x1DF6), 0);
  EXPECT_EQ(combining_class(0x089B), 0);
}

TEST(CharacterClasses, WhiteSpace) {
  for (const char32_t c : {U'\t', U'\n', U'\v', U'\f', U'\r', U' ', U'\u00A0', U'\u2003', U'\u2028',
                           U'\u3000', char32_t{0x85}}) {
    EXPECT_TRUE(is_white_space(c)) << static_cast<unsigned>(c);
  }
  for (const char32_t c : {U'a', U'\u200B', U'\uFEFF', U'\u180E', char32_t{0}}) {
    EXPECT_FALSE(is_white_space(c)) << static_cast<unsigned>(c);
  }
}

TEST(CharacterClasses, Control) {
  for (const char32_t c : {char32_t{0}, U'\v', char32_t{0x7F}, char32_t{0x85}, U'\u00AD', U'\u200B',
                           U'\u200D', U'\uFEFF', U'\uE000', U'\U0010FFFD'}) {
    EXPECT_TRUE(is_control(c)) << static_cast<unsigned>(c);
  }
  for (const char32_t c : {U'\t', U'\n', U'\r', U' ', U'~', U'\u00A0', U'\u0378', U'\U0010FFFF'}) {
    EXPECT_FALSE(is_control(c)) << static_cast<unsigned>(c);
  }
}

TEST(CharacterClasses, Punctuation) {
  for (char32_t c = U'!'; c <= U'~'; ++c) {
    const bool letter_or_digit =
        (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z');
    EXPECT_EQ(is_punctuation(c), !letter_or_digit) << static_cast<unsigned>(c);
  }
  EXPECT_TRUE(is_punctuation(U'\u2014'));
  EXPECT_TRUE(is_punctuation(U'\u3002'));
  EXPECT_TRUE(is_punctuation(U'\uFF01'));
  EXPECT_FALSE(is_punctuation(U'\u20AC'));
  EXPECT_FALSE(is_punctuation(U'\u2E5D'));  // Unicode 14
}

TEST(CharacterClasses, MarksAndIdeographs) {
  EXPECT_TRUE(is_nonspacing_mark(U'\u0301'));
  EXPECT_TRUE(is_nonspacing_mark(U'\uFE0F'));
  EXPECT_FALSE(is_nonspacing_mark(U'\u0903'));  // it takes space
  EXPECT_FALSE(is_nonspacing_mark(U'\u20E3'));  // it encloses
  EXPECT_TRUE(is_ideograph(U'\u4E2D'));
  EXPECT_TRUE(is_ideograph(U'\U0002F800'));
  EXPECT_FALSE(is_ideograph(U'\u3042'));
  EXPECT_FALSE(is_ideograph(U'\uAC00'));
}

TEST(CharacterClasses, WordCharacters) {
  for (const char32_t c : {U'a', U'_', U'7', U'\u00E9', U'\u0301', U'\u203F', U'\u200D', U'\u2160',
                           U'\u24D0', U'\U0002EC21'}) {
    EXPECT_TRUE(is_word_character(c)) << static_cast<unsigned>(c);
  }
  for (const char32_t c : {U' ', U'-', U'$', U'\u00B2', U'\u20AC', U'\u2014'}) {
    EXPECT_FALSE(is_word_character(c)) << static_cast<unsigned>(c);
  }
}

std::string normal(void (*form)(NormalizedText&), std::string_view utf8) {
  NormalizedText text(utf8);
  form(text);
  return text.utf8();
}

TEST(NormalForms, ByExample) {
  EXPECT_EQ(normal(to_nfc, "cafe\u0301 \u1100\u1161\u11A8 \u212B"), "caf\u00E9 \uAC01 \u00C5");
  EXPECT_EQ(normal(to_nfc, "a\u0327\u0301"), "\u00E1\u0327");  // over a mark of another kind
  EXPECT_EQ(normal(to_nfc, "\uAC00\u11A7\u0344"), "\uAC00\u11A7\u0308\u0301");
  EXPECT_EQ(normal(to_nfkc, "\uFB01\uFF21\u2460"), "fiA1");
  EXPECT_EQ(normal(to_nfkd, "\uFB01\u00C9\u00BD"),
            "fiE\u0301"
            "1\u2044"
            "2");
  EXPECT_EQ(normal(to_nfkc, "\u32FF \U0001F16C"), "\u32FF \U0001F16C");  // later than Unicode 9
}

TEST(NormalForms, AComposedLetterStandsForItsFirst) {
  NormalizedText text("xe\u0301y");
  to_nfc(text);
  EXPECT_EQ(text.source(1, 2), (Encoding::Offset{1, 2}));
  EXPECT_EQ(text.source(2, 3), (Encoding::Offset{3, 4}));
}

TEST(Classes, NumbersAndMarksAsTheReferenceKnowsThem) {
  EXPECT_TRUE(is_number(U'7') && is_number(0x663) && is_number(0xBD) && is_number(0x2167));
  EXPECT_TRUE(is_number(0x1CCF0) && is_number(0x11DE0));
  EXPECT_FALSE(is_number(U'a') || is_number(0x4E00));
  EXPECT_TRUE(is_combining_mark(0x301) && is_combining_mark(0x93F) && is_combining_mark(0x1CF2));
  EXPECT_FALSE(is_combining_mark(U'a') || is_combining_mark(0x0CF3) || is_combining_mark(0x1ABF));
}

}  // namespace
}  // namespace ascribo
