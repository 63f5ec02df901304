// SPDX-License-Identifier: MIT
// Looking pieces up, both ways, and vocabularies that cannot be.
#include "ascribo/text/piece_table.h"

#include <gmock/gmock.h>

#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

using testing::HasSubstr;

PieceTable table(const std::string& json) { return {Json::parse(json, "v.json"), "v.json"}; }

TEST(PieceTable, FindsBothWays) {
  const PieceTable pieces = table(R"({"a":2,"##b":0,"\u00e9t\u00e9":7,"":3})");
  EXPECT_EQ(pieces.find("a"), 2);
  EXPECT_EQ(pieces.find("\u00E9t\u00E9"), 7);
  EXPECT_EQ(pieces.find("b"), std::nullopt);
  EXPECT_EQ(pieces.piece(0), "##b");
  EXPECT_EQ(pieces.piece(1), std::nullopt);
  EXPECT_EQ(pieces.piece(-1), std::nullopt);
  EXPECT_EQ(pieces.piece(8), std::nullopt);
  EXPECT_EQ(pieces.size(), 4);
  EXPECT_EQ(pieces.longest(), 5U);
}

TEST(PieceTable, HoldsManyPieces) {
  std::string json = "{";
  for (int i = 0; i < 5000; ++i) {
    json += (i > 0 ? "," : "") + ("\"piece" + std::to_string(i)) + "\":" + std::to_string(i);
  }
  const PieceTable pieces = table(json + "}");
  for (int i = 0; i < 5000; ++i) {
    ASSERT_EQ(pieces.find("piece" + std::to_string(i)), i);
    ASSERT_EQ(pieces.piece(i), "piece" + std::to_string(i));
  }
  EXPECT_EQ(pieces.find("piece5000"), std::nullopt);
  const std::vector<std::string_view> wanted(100, "piece4711"), none = {"", "piece", "piece0"};
  std::vector<std::int64_t> ids(100);
  pieces.find_each(wanted, ids);
  EXPECT_THAT(ids, testing::Each(4711));
  pieces.find_each(none, ids);
  EXPECT_THAT(std::span(ids).first(3), testing::ElementsAre(-1, -1, 0));
}

TEST(PieceTable, MayBeEmpty) {
  const PieceTable pieces = table("{}");
  EXPECT_EQ(pieces.find(""), std::nullopt);
  EXPECT_EQ(pieces.piece(0), std::nullopt);
}

TEST(PieceTable, RefusesIdsThatCannotBeMeant) {
  for (const char* id : {"-1", "4000000000000"}) {
    const std::string message =
        test::error_of(Code::kBadFile, [&] { table(R"({"a":0,"b":)" + std::string(id) + "}"); });
    EXPECT_THAT(message, HasSubstr(std::string("[v.json] piece \"b\" has id ") + id));
    EXPECT_THAT(message, HasSubstr("about the number of pieces, 2"));
  }
  test::error_of(Code::kBadFile, [] { table(R"({"a":"0"})"); });
  test::error_of(Code::kBadFile, [] { table(R"(["a"])"); });
}

}  // namespace
}  // namespace ascribo
