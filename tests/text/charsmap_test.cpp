// SPDX-License-Identifier: MIT
// Stored replacements: found by the shortest beginning, and never outside of a damaged map.
#include "ascribo/text/normalizers/charsmap.h"

#include <gmock/gmock.h>

#include "ascribo/base/rng.h"
#include "ascribo/text/normalizers/graphemes.h"
#include "ascribo/text/stage.h"
#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::HasSubstr;

std::string bytes_of(std::uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
  return bytes;
}

/// A map with "a" to "X" and "ab" to "Y"; children of the root, of "a" and of "ab" are in blocks
/// of 256 units each.
std::vector<std::uint32_t> units() {
  std::vector<std::uint32_t> units(1024);
  const auto offset = [](std::uint32_t from, std::uint32_t to) { return (from ^ to) << 10; };
  const std::uint32_t a = 256 ^ 'a', ab = 512 ^ 'b';
  units[0] = offset(0, 256);
  units[a] = 'a' | 0x100 | offset(a, 512);
  units[512] = 0x80000000 | 0;
  units[ab] = 'b' | 0x100 | offset(ab, 768);
  units[768] = 0x80000000 | 2;
  return units;
}

std::string map_of(const std::vector<std::uint32_t>& units, const std::string& replacements) {
  std::string bytes = bytes_of(static_cast<std::uint32_t>(4 * units.size()));
  for (const std::uint32_t unit : units) bytes += bytes_of(unit);
  return bytes + replacements;
}

const std::string kReplacements("X\0Y\0", 4);

TEST(Charsmap, FindsTheShortestBeginning) {
  const Charsmap map(map_of(units(), kReplacements), "t.json");
  EXPECT_EQ(map.find("a"), "X");
  EXPECT_EQ(map.find("ab"), "X");
  EXPECT_EQ(map.find("b"), std::nullopt);
  EXPECT_EQ(map.find(""), std::nullopt);
  EXPECT_EQ(map.find(std::string_view("\0a", 2)), std::nullopt);
  EXPECT_EQ(map.size(), 1024U);
}

TEST(Charsmap, RefusesDamage) {
  const auto message = [](std::string bytes) {
    return error_of(Code::kBadFile, [&] { Charsmap(std::move(bytes), "t.json"); });
  };
  const std::string whole = map_of(units(), kReplacements);
  EXPECT_THAT(message(""), HasSubstr("[t.json] precompiled_charsmap is cut off"));
  EXPECT_THAT(message(whole.substr(0, 3)), HasSubstr("is cut off"));
  EXPECT_THAT(message(whole.substr(0, 4000)), HasSubstr("says that 4096 of its 4000 bytes"));
  EXPECT_THAT(message(bytes_of(0)), HasSubstr("says that 0 of its 4 bytes are a trie"));
  EXPECT_THAT(message(bytes_of(3) + "abcdef"), HasSubstr("says that 3"));
  EXPECT_THAT(message(bytes_of(0xFFFFFFFC) + "abcdef"), HasSubstr("says that 4294967292"));
  EXPECT_THAT(message(map_of(units(), "")), HasSubstr("points outside of its replacements"));
  EXPECT_THAT(message(map_of(units(), "X\xC3")), HasSubstr("replacement that is not UTF-8"));
  EXPECT_THAT(message(map_of(units(), "X\xC3\xA9")), HasSubstr("points outside of its"));
  std::vector<std::uint32_t> wild = units();
  wild[7] = 0x1FFFFF << 10;
  EXPECT_THAT(message(map_of(wild, kReplacements)), HasSubstr("points outside of its trie"));
}

TEST(Charsmap, DamagedAnywhereStaysInside) {
  const std::string whole = map_of(units(), kReplacements);
  Rng rng(7);
  for (int trial = 0; trial < 2000; ++trial) {
    std::string bytes = whole;
    for (int flip = 0; flip <= trial % 5; ++flip) {
      bytes[rng.bits() % bytes.size()] = static_cast<char>(rng.bits());
    }
    try {
      const Charsmap map(bytes, "t.json");
      for (const char* text : {"a", "ab", "abc", "b", "\xF4\x8F\xBF\xBF", "zzzzzzzzzz"}) {
        map.find(text);
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kBadFile);
    }
  }
}

TEST(Precompiled, RefusesWhatIsNoMap) {
  const auto message = [](const std::string& value) {
    return error_of(Code::kBadFile, [&] {
      make_normalizer(
          Json::parse(R"({"type":"Precompiled","precompiled_charsmap":)" + value + "}", "t.json"),
          "t.json");
    });
  };
  EXPECT_THAT(message("\"****\""), HasSubstr("precompiled_charsmap is not base64"));
  EXPECT_THAT(message("\"QUJ\""), HasSubstr("precompiled_charsmap is not base64"));
  EXPECT_THAT(message("\"QUJD\""), HasSubstr("precompiled_charsmap is cut off"));
  EXPECT_THAT(message("null"), HasSubstr("expected a string"));
}

TEST(Graphemes, EndWhereAReaderSeesIt) {
  const auto first = [](std::string_view utf8) { return grapheme_end(NormalizedText(utf8), 0); };
  EXPECT_EQ(first("ab"), 1U);
  EXPECT_EQ(first("\r\n"), 2U);
  EXPECT_EQ(first("\n\r"), 1U);
  EXPECT_EQ(first("e\u0301\u0323x"), 3U);
  EXPECT_EQ(first("\U0001F468\u200D\U0001F469\u200D\U0001F467x"), 5U);
  EXPECT_EQ(first("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7"), 2U);
  EXPECT_EQ(first("\u1112\u1161\u11AB\u1112"), 3U);
  EXPECT_EQ(first("\u0915\u094D\u0937\u093F\u0915"), 4U);
  EXPECT_EQ(first("\u0915\u093E\u0937"), 2U);
  EXPECT_EQ(first("\u0600a"), 2U);
  EXPECT_EQ(first("\u200Ba"), 1U);
}

}  // namespace
}  // namespace ascribo
