// SPDX-License-Identifier: MIT
// Pickles that are cut, lie or mean harm.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include "ascribo/base/error.h"
#include "ascribo/io/pickle.h"
#include "pickle_text.h"

namespace ascribo {
namespace {

using testing::HasSubstr;

std::string refusal(const std::string& bytes, Code code = Code::kBadFile) {
  try {
    return "no error: " + shown(read_pickle(bytes));
  } catch (const Error& error) {
    EXPECT_EQ(code_name(error.code()), code_name(code)) << error.what();
    return error.what();
  }
}

constexpr const char* kCut = " Hint: the file may be cut short; fetch it again";

TEST(BadPickle, CutAnywhere) {
  const std::string whole = bytes_of(
      "\x80\x04\x95\x02\0\0\0\0\0\0\0}q\x00(X\x01\0\0\0aK\x01U\x01"
      "bG\x3F\xF8\0\0\0\0\0\0C\x02xx\x8D\x01\0\0\0\0\0\0\0yVtext\nF1.5\ncm\nn\n)R}b"
      "Nu.");
  EXPECT_EQ(shown(read_pickle(whole)),
            "{'a': 1, 'b': 1.500000, b'xx': 'y', 'text': 1.500000, m.n() with {}: None}");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THAT(refusal(whole.substr(0, size)), HasSubstr("[p] the pickle ")) << size;
  }
}

TEST(BadPickle, LengthsThatCannotBe) {
  EXPECT_EQ(
      refusal("X\xFF\xFF\xFF\xFFhi"),
      std::string("[p] the pickle asks for 4294967295 bytes at byte 5; only 2 are left.") + kCut);
  EXPECT_EQ(refusal("\x8D\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFhi"),
            std::string("[p] the pickle asks for 18446744073709551615 bytes at byte 9; only 2 are "
                        "left.") +
                kCut);
  for (const char* code : {"\x8B", "T", "B"}) {
    EXPECT_THAT(refusal(std::string(code) + "\xFF\xFF\xFF\xFFhi"), HasSubstr("only 2 are left"));
  }
  for (const char* code : {"\x8E", "\x96", "\x95"}) {
    EXPECT_THAT(refusal(std::string(code) + "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7Fhi"),
                HasSubstr("only 2 are left"));
  }
  EXPECT_EQ(refusal(""),
            std::string("[p] the pickle asks for 1 bytes at byte 0; only 0 are left.") + kCut);
}

TEST(BadPickle, WhatNoPickleDoes) {
  EXPECT_EQ(refusal("\xFF"),
            "[p] the pickle has the instruction 255 at byte 1; expected one of protocols 0 to 5.");
  EXPECT_EQ(refusal("\x80\x06N."),
            "[p] the pickle has a newer protocol at byte 2; expected at most 5.");
  EXPECT_EQ(refusal("."),
            "[p] the pickle takes a value where there is none at byte 1; expected "
            "one before it.");
  for (const char* bytes : {"0.", "2.", "R.", "b.", "Q.", "q\x01.", "(a.", "](a."}) {
    EXPECT_THAT(refusal(bytes), HasSubstr("takes a value where there is none")) << bytes;
  }
  EXPECT_EQ(refusal("K\x01t."),
            "[p] the pickle ends a group at byte 3; expected a mark where it begins.");
  EXPECT_EQ(refusal("h\x03."),
            "[p] the pickle asks for memo 3 at byte 2; expected one that was filled before.");
  EXPECT_EQ(refusal("p-1\n."),
            "[p] the pickle has a memo key that cannot be read at byte 4; expected a number.");
  EXPECT_EQ(refusal("NK\x01"
                    "a."),
            "[p] the pickle appends to what is no list at byte 4; expected a list, set or object.");
  EXPECT_EQ(refusal("]K\x01K\x02s."),
            "[p] the pickle sets keys in what is no dict at byte 6; expected a dict or object.");
  EXPECT_EQ(refusal("}(K\x01u."),
            "[p] the pickle sets a key without a value at byte 5; expected keys with values.");
  EXPECT_EQ(refusal("cos\nsystem\nNR."),
            "[p] the pickle makes an object without arguments at byte 13; expected a tuple of "
            "them.");
  EXPECT_EQ(refusal("(o."),
            "[p] the pickle makes an object of nothing at byte 2; expected its class.");
  EXPECT_EQ(refusal("K\x01K\x02\x93."),
            "[p] the pickle has a name of no text at byte 5; expected a string.");
  EXPECT_EQ(refusal("\x97."),
            "[p] the pickle wants a buffer from outside of it at byte 1; expected all data inside "
            "the pickle.");
}

TEST(BadPickle, LinesThatCannotBeRead) {
  EXPECT_EQ(refusal("Ix\n."),
            "[p] the pickle has a line that cannot be read at byte 3; expected an integer of at "
            "most 64 bits.");
  EXPECT_THAT(refusal("L123456789012345678901234567890L\n."), HasSubstr("at most 64 bits"));
  EXPECT_THAT(refusal("F1,5\n."), HasSubstr("expected a number"));
  for (const char* bytes : {"S'a\n.", "Sa'\n.", "S'\n.", "S\n.", "S'\\\n.", "S'\\x1'\n.",
                            "V\\u12\n.", "V\\U00110000\n.", "V\\ud800\n.", "V\\uzzzz\n."}) {
    EXPECT_THAT(refusal(bytes), HasSubstr("expected a string as Python writes it")) << bytes;
  }
  EXPECT_EQ(refusal("V" + std::string(20, 'x')),
            "[p] the pickle has no end of the line that begins at byte 1; expected a line feed.");
}

TEST(BadPickle, NamesAreShownSafely) {
  EXPECT_EQ(shown(read_pickle("ca\x1B[31m\nb\n.")), "a?[31m.b");
  EXPECT_THAT(refusal("ca\xFF\nb\n."), HasSubstr("a name that is no UTF-8"));
  EXPECT_THAT(refusal("c" + std::string(600, 'a') + "\nb\n."), HasSubstr("a name of 601 letters"));
}

TEST(BadPickle, AskingForTheWrongKind) {
  const auto asked = [](const char* bytes, auto ask) {
    try {
      ask(read_pickle(bytes));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(asked("K\x01.", [](const PickleValue& v) { v.string(); }),
            "[p] a value is an integer; expected a string.");
  EXPECT_EQ(asked("}U\x01"
                  "aNs.",
                  [](const PickleValue& v) { v.at("a").integer(); }),
            "[p] \"a\" is None; expected an integer.");
  EXPECT_EQ(asked("}.", [](const PickleValue& v) { v.at("a"); }),
            "[p] a value is a dict; expected a dict with the key \"a\".");
  EXPECT_EQ(asked("ca\nB\n)R.", [](const PickleValue& v) { v.at(std::size_t{0}); }),
            "[p] a value is an object of a.B; expected a list or tuple.");
  EXPECT_EQ(asked("].", [](const PickleValue& v) { v.at(std::size_t{0}); }),
            "[p] a value is a list; expected more than 0 elements.");
}

std::int64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

TEST(BadPickle, BillionsOfValuesTakeNoMemory) {
  // Each list holds the one before ten times: 10^60 values, if anybody wrote them out.
  std::string bytes = bytes_of("]q\x00");
  for (char i = 0; i < 60; ++i) {
    bytes += "](";
    for (int n = 0; n < 10; ++n) bytes.append("h").append(1, i);
    bytes.append("eq").append(1, static_cast<char>(i + 1));
  }
  EXPECT_EQ(read_pickle(bytes + ".").size(), 10U);
}

TEST(BadPickle, ManyValuesAreRefusedBeforeTheyFillTheMemory) {
  constexpr std::size_t kMany = std::size_t{1} << 24;
  [[maybe_unused]] const std::int64_t before = peak_memory();
  const std::string expected =
      "[p] the pickle holds more than 2097152 values; expected weights "
      "with a few plain values around them.";
  EXPECT_EQ(refusal(std::string(kMany, ']'), Code::kUnsupported), expected);
  EXPECT_EQ(refusal(std::string(kMany, '('), Code::kUnsupported), expected);
  EXPECT_EQ(refusal("N" + std::string(kMany, '2'), Code::kUnsupported), expected);
  // One long text turned into bytes, or one long list into a set, again and again.
  std::string again =
      "c_codecs\nencode\nq\x01"
      "0X" +
      std::string("\0\0\x10\0", 4) + std::string(1 << 20, 'x') +
      "U\x06latin1\x86q\x02"
      "0";
  for (int i = 0; i < 100000; ++i) again += "h\x01h\x02R0";
  EXPECT_EQ(refusal(again + "N.", Code::kUnsupported), expected);
  again =
      "cbuiltins\nset\nq\x01"
      "0](" +
      std::string(1 << 20, 'N') +
      "e\x85q\x02"
      "0";
  for (int i = 0; i < 100000; ++i) again += "h\x01h\x02R0";
  EXPECT_EQ(refusal(again + "N.", Code::kUnsupported), expected);
#ifndef __SANITIZE_ADDRESS__  // it keeps freed memory
  EXPECT_LT(peak_memory() - before, std::int64_t{500} << 20);
#endif
}

TEST(BadPickle, DeepNestingIsFlat) {
  constexpr int kDeep = 500000;
  std::string bytes;
  for (int i = 0; i < kDeep; ++i) bytes += "(";
  bytes += "N";
  for (int i = 0; i < kDeep; ++i) bytes += "t";
  EXPECT_EQ(read_pickle(bytes + ".").size(), 1U);
}

}  // namespace
}  // namespace ascribo
