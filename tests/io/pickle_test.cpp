// SPDX-License-Identifier: MIT
// Every instruction of the pickle protocols, in bytes written by hand.
#include "ascribo/io/pickle.h"

#include <gtest/gtest.h>

#include "pickle_text.h"

namespace ascribo {
namespace {

std::string of(const std::string& bytes) { return shown(read_pickle(bytes)); }

TEST(Pickle, Constants) {
  EXPECT_EQ(of("N."), "None");
  EXPECT_EQ(of("\x80\x02\x88."), "True");
  EXPECT_EQ(of("\x80\x05\x89."), "False");
  EXPECT_EQ(of("I01\n."), "True");
  EXPECT_EQ(of("I00\n."), "False");
}

TEST(Pickle, Integers) {
  EXPECT_EQ(of("I-12\n."), "-12");
  EXPECT_EQ(of("L9223372036854775807L\n."), "9223372036854775807");
  EXPECT_EQ(of(bytes_of("J\xFE\xFF\xFF\xFF.")), "-2");
  EXPECT_EQ(of("K\xFF."), "255");
  EXPECT_EQ(of("M\x01\x02."), "513");
  EXPECT_EQ(of(bytes_of("\x8A\x00.")), "0");
  EXPECT_EQ(of("\x8A\x01\x80."), "-128");
  EXPECT_EQ(of(bytes_of("\x8A\x03\xFF\xFF\x00.")), "65535");
  EXPECT_EQ(of("\x8A\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F."), "9223372036854775807");
  EXPECT_EQ(of(bytes_of("\x8B\x02\x00\x00\x00\xFE\xFF.")), "-2");
  const PickleValue big = read_pickle("\x8A\x0A\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.");
  EXPECT_EQ(shown(big), "big 10");
  EXPECT_EQ(std::to_integer<int>(big.bytes()[9]), 0x19);
}

TEST(Pickle, Numbers) {
  EXPECT_EQ(of("F-1.5\n."), "-1.500000");
  EXPECT_EQ(of("F1e+3\n."), "1000.000000");
  EXPECT_EQ(of("Fnan\n."), "nan");
  EXPECT_EQ(of(bytes_of("G\x3F\xF8\0\0\0\0\0\0.")), "1.500000");
  EXPECT_EQ(read_pickle("K\x07.").number(), 7.0);
}

TEST(Pickle, Texts) {
  EXPECT_EQ(of("S'it\\'s\\x20\\n\\101'\n."), "'it's \nA'");
  EXPECT_EQ(of("S\"a\\qb\\\\\"\n."), "'a\\qb\\'");
  EXPECT_EQ(of("Vna\xEFve \\u20ac \\U0001F600\n."), "'na\xC3\xAFve \xE2\x82\xAC \xF0\x9F\x98\x80'");
  EXPECT_EQ(of(bytes_of("T\x02\x00\x00\x00hi.")), "'hi'");
  EXPECT_EQ(of("U\x02hi."), "'hi'");
  EXPECT_EQ(of(bytes_of("X\x03\x00\x00\x00\xE2\x82\xAC.")), "'\xE2\x82\xAC'");
  EXPECT_EQ(of(bytes_of("\x8C\x00.")), "''");
  EXPECT_EQ(of(bytes_of("\x8D\x02\0\0\0\0\0\0\0hi.")), "'hi'");
}

TEST(Pickle, BytesAndTextThatIsNone) {
  EXPECT_EQ(of(bytes_of("B\x02\x00\x00\x00hi.")), "b'hi'");
  EXPECT_EQ(of("C\x02hi."), "b'hi'");
  EXPECT_EQ(of(bytes_of("\x8E\x02\0\0\0\0\0\0\0hi.")), "b'hi'");
  EXPECT_EQ(of(bytes_of("\x96\x02\0\0\0\0\0\0\0hi.")), "b'hi'");
  EXPECT_EQ(of(bytes_of("\x96\x02\0\0\0\0\0\0\0hi\x98.")), "b'hi'");
  EXPECT_EQ(of("U\x01\xFF."), "b'\xFF'");
  EXPECT_EQ(of("\x8C\x03\xED\xA0\x80."), "b'\xED\xA0\x80'");  // half of a surrogate pair
  EXPECT_EQ(of("c_codecs\nencode\n(Vh\xE9\nVlatin1\ntR."), "b'h\xE9'");
  EXPECT_EQ(of("c__builtin__\nbytearray\n(Vh\xE9\nVlatin-1\ntR."), "b'h\xE9'");
  EXPECT_EQ(of("cbuiltins\nbytearray\n)R."), "b''");
  EXPECT_EQ(of("cbuiltins\nbytearray\nC\x02hi\x85R."), "b'hi'");
}

TEST(Pickle, Sequences) {
  EXPECT_EQ(of("]."), "[]");
  EXPECT_EQ(of(")."), "()");
  EXPECT_EQ(of("\x8F."), "set{}");
  EXPECT_EQ(of("(K\x01K\x02l."), "[1, 2]");
  EXPECT_EQ(of("(K\x01K\x02t."), "(1, 2)");
  EXPECT_EQ(of("(K\x01K\x02\x91."), "set{1, 2}");
  EXPECT_EQ(of("K\x01\x85."), "(1)");
  EXPECT_EQ(of("K\x01K\x02\x86."), "(1, 2)");
  EXPECT_EQ(of("K\x01K\x02K\x03\x87."), "(1, 2, 3)");
  EXPECT_EQ(of("]K\x01"
               "a(K\x02K\x03"
               "e."),
            "[1, 2, 3]");
  EXPECT_EQ(of("\x8F(K\x01K\x02\x90."), "set{1, 2}");
  EXPECT_EQ(of("c__builtin__\nset\n](K\x01K\x02"
               "e\x85R."),
            "set{1, 2}");
  EXPECT_EQ(of("cbuiltins\nfrozenset\n)R."), "set{}");
}

TEST(Pickle, DictsKeepTheirOrder) {
  EXPECT_EQ(of("}."), "{}");
  EXPECT_EQ(of("(U\x01"
               "bK\x01U\x01"
               "aK\x02"
               "d."),
            "{'b': 1, 'a': 2}");
  EXPECT_EQ(of("}U\x01"
               "bK\x01s(K\x05K\x06NK\x07u."),
            "{'b': 1, 5: 6, None: 7}");
  EXPECT_EQ(of("ccollections\nOrderedDict\n)R(U\x01"
               "bK\x01u."),
            "{'b': 1}");
  EXPECT_EQ(of("ccollections\nOrderedDict\n](](U\x01"
               "bK\x01"
               "ee\x85R."),
            "{'b': 1}");
  EXPECT_EQ(of("ccollections\ndefaultdict\ncbuiltins\nint\n\x85R(U\x01"
               "bK\x01u."),
            "{'b': 1}");
  EXPECT_EQ(of("ccollections\nOrderedDict\n)R}U\x01mK\x01sb."), "{} with {'m': 1}");
  const PickleValue dict = read_pickle(
      "(U\x01"
      "aK\x01U\x01"
      "aK\x02"
      "d.");
  EXPECT_EQ(dict.size(), 2U);
  EXPECT_EQ(dict.at("a").integer(), 2);  // Python's dict would keep the last
  EXPECT_FALSE(dict.find("b"));
}

TEST(Pickle, MemoAndStack) {
  EXPECT_EQ(of("K\x01q\x05"
               "0h\x05."),
            "1");
  EXPECT_EQ(of("K\x01p7\n0g7\n."), "1");
  EXPECT_EQ(of(bytes_of("K\x01r\x00\x01\x00\x00"
                        "0j\x00\x01\x00\x00.")),
            "1");
  EXPECT_EQ(of(bytes_of("K\x01\x94K\x02\x94h\x00h\x01\x87.")).size(),
            std::string("(2, 1, 2)").size());
  EXPECT_EQ(of(bytes_of("K\x01q\x02"
                        "0K\x02q\x00"
                        "0K\x03q\x01"
                        "0K\x04q\x02"
                        "0h\x02h\x00\x86.")),
            "(4, 2)");
  EXPECT_EQ(of("K\x01"
               "2\x86."),
            "(1, 1)");
  EXPECT_EQ(of("K\x01(K\x02K\x03"
               "1."),
            "1");
  EXPECT_EQ(of("K\x01(0."), "1");
}

TEST(Pickle, FramesAndLength) {
  EXPECT_EQ(of(bytes_of("\x80\x04\x95\x03\0\0\0\0\0\0\0K\x07.")), "7");
  std::size_t length = 0;
  read_pickle("\x80\x02K\x07.more", &length);
  EXPECT_EQ(length, 5U);
}

TEST(Pickle, ObjectsAreInert) {
  EXPECT_EQ(of("cos\nsystem\n."), "os.system");
  EXPECT_EQ(of("cos\nsystem\n(S'touch /tmp/x'\ntR."), "os.system('touch /tmp/x')");
  EXPECT_EQ(of("\x8C\x02os\x8C\x06system\x93\x8C\x02id\x85R."), "os.system('id')");
  EXPECT_EQ(of("(S'id'\nios\nsystem\n."), "os.system('id')");
  EXPECT_EQ(of("(cos\nsystem\nS'id'\no."), "os.system('id')");
  EXPECT_EQ(of("ca\nB\n)\x81}U\x01xK\x01sb."), "a.B() with {'x': 1}");
  EXPECT_EQ(of("ca\nB\n)}U\x01xK\x01s\x92."), "a.B() with {'x': 1}");
  EXPECT_EQ(of("ca\nB\n)R(U\x01xK\x01u."), "a.B()<'x': 1>");
  EXPECT_EQ(of("ca\nB\n)R(K\x01K\x02"
               "e."),
            "a.B()<1, 2>");
  EXPECT_EQ(of("ccopy_reg\n_reconstructor\n(ca\nB\nc__builtin__\nobject\nNtR."),
            "a.B(a.B, __builtin__.object, None)");
  EXPECT_EQ(of(bytes_of("\x82\x05.")), "extension.5");
  EXPECT_EQ(of(bytes_of("\x83\x05\x01.")), "extension.261");
  EXPECT_EQ(of(bytes_of("\x84\x05\x00\x00\x01.")), "extension.16777221");
}

TEST(Pickle, PersistentIds) {
  EXPECT_EQ(of("Pthat\n."), "persistent 'that'");
  EXPECT_EQ(of("(U\x07storageK\x01tQ."), "persistent ('storage', 1)");
}

TEST(Pickle, AttributesOfState) {
  const PickleValue plain = read_pickle("ca\nB\n)\x81}U\x01xK\x01sb.");
  EXPECT_EQ(plain.attribute("x")->integer(), 1);
  EXPECT_FALSE(plain.attribute("y"));
  const PickleValue slots = read_pickle(
      "ca\nB\n)\x81N}U\x01xK\x01s\x86"
      "b.");
  EXPECT_EQ(slots.attribute("x")->integer(), 1);
  EXPECT_FALSE(read_pickle("ca\nB\n)\x81.").attribute("x"));
}

TEST(Pickle, ContainsItself) {
  EXPECT_EQ(of(bytes_of("]q\x00h\x00"
                        "a.")),
            "[[[[[[...]]]]]]");
  EXPECT_EQ(shown(read_pickle(bytes_of("ca\nB\n)\x81q\x00}U\x01xh\x00sb.")), 3),
            "a.B() with {'x': a.B... with ...}");
  EXPECT_EQ(of(bytes_of("}q\x00(NK\x01h\x00K\x02u.")).substr(0, 20), "{None: 1, {None: 1, ");
}

}  // namespace
}  // namespace ascribo
