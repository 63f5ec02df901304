// SPDX-License-Identifier: MIT
// Grouping tokens: every token in one place, nothing joined that does not belong together.
#include "ascribo/text/units.h"

#include <gmock/gmock.h>

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// [CLS] grip ##ping film [SEP] film ##s [SEP], where both sides have a word 1.
Encoding sample() {
  Encoding encoding;
  const auto add = [&](std::int64_t start, std::int64_t end, std::int64_t word, int side) {
    encoding.ids.push_back(9);
    encoding.tokens.emplace_back("x");
    encoding.offsets.push_back({start, end});
    encoding.word_ids.emplace_back(word);
    encoding.type_ids.push_back(side);
    encoding.sides.emplace_back(side);
    encoding.special.push_back(0);
  };
  encoding.append_special(1, "[CLS]", 0);
  add(0, 4, 0, 0);
  add(4, 8, 0, 0);
  add(9, 13, 1, 0);
  encoding.append_special(2, "[SEP]", 0);
  add(2, 6, 1, 1);
  add(6, 7, 1, 1);
  encoding.append_special(2, "[SEP]", 1);
  return encoding;
}

auto unit(int side, std::int64_t start, std::int64_t end, const std::vector<std::int64_t>& tokens) {
  return testing::AllOf(
      testing::Field("side", &Unit::side, side), testing::Field("start", &Unit::start, start),
      testing::Field("end", &Unit::end, end), testing::Field("tokens", &Unit::tokens, tokens));
}

TEST(Units, AllTokensHasOneForEachToken) {
  const Units units = make_units(sample(), UnitKind::kAllTokens);
  EXPECT_THAT(units.units, ElementsAre(unit(0, 0, 0, {0}), unit(0, 0, 4, {1}), unit(0, 4, 8, {2}),
                                       unit(0, 9, 13, {3}), unit(0, 0, 0, {4}), unit(1, 2, 6, {5}),
                                       unit(1, 6, 7, {6}), unit(0, 0, 0, {7})));
  EXPECT_THAT(units.special, IsEmpty());
}

TEST(Units, TokenLeavesTheTemplateOut) {
  const Units units = make_units(sample(), UnitKind::kToken);
  EXPECT_THAT(units.units, ElementsAre(unit(0, 0, 4, {1}), unit(0, 4, 8, {2}), unit(0, 9, 13, {3}),
                                       unit(1, 2, 6, {5}), unit(1, 6, 7, {6})));
  EXPECT_THAT(units.special, ElementsAre(0, 4, 7));
}

TEST(Units, WordJoinsPieces) {
  const Units units = make_units(sample(), UnitKind::kWord);
  EXPECT_THAT(units.units,
              ElementsAre(unit(0, 0, 8, {1, 2}), unit(0, 9, 13, {3}), unit(1, 2, 7, {5, 6})));
  EXPECT_THAT(units.special, ElementsAre(0, 4, 7));
}

TEST(Units, WordsOfTwoSidesStayApartWithoutSeparator) {
  Encoding encoding = sample();
  Encoding bare;
  for (const std::size_t i : {3U, 5U}) {
    bare.ids.push_back(encoding.ids[i]);
    bare.tokens.push_back(encoding.tokens[i]);
    bare.offsets.push_back(encoding.offsets[i]);
    bare.word_ids.push_back(encoding.word_ids[i]);
    bare.type_ids.push_back(encoding.type_ids[i]);
    bare.sides.push_back(encoding.sides[i]);
    bare.special.push_back(encoding.special[i]);
  }
  EXPECT_THAT(make_units(bare, UnitKind::kWord).units,
              ElementsAre(unit(0, 9, 13, {0}), unit(1, 2, 6, {1})));
}

TEST(Units, TokensWithoutWordStandAlone) {
  Encoding encoding = sample();
  encoding.word_ids[1].reset();
  encoding.word_ids[2].reset();
  const Units units = make_units(encoding, UnitKind::kWord);
  EXPECT_THAT(units.units, ElementsAre(unit(0, 0, 4, {1}), unit(0, 4, 8, {2}), unit(0, 9, 13, {3}),
                                       unit(1, 2, 7, {5, 6})));
}

/// Tokens of the text at these offsets.
Encoding at_offsets(const std::vector<Encoding::Offset>& offsets, int side = 0) {
  Encoding encoding;
  for (const Encoding::Offset& offset : offsets) {
    encoding.ids.push_back(9);
    encoding.tokens.emplace_back("x");
    encoding.offsets.push_back(offset);
    encoding.word_ids.emplace_back();
    encoding.type_ids.push_back(side);
    encoding.sides.emplace_back(side);
    encoding.special.push_back(0);
  }
  return encoding;
}

TEST(Units, TextWordsAreThoseOfTheText) {
  // Pieces of a byte-level tokenizer: spaces at the front, and a piece that reaches into a word.
  const Encoding encoding = at_offsets({{0, 4}, {4, 7}, {7, 12}, {12, 13}, {13, 14}});
  EXPECT_THAT(make_units(encoding, UnitKind::kTextWord, "it's good? !").units,
              ElementsAre(unit(0, 0, 4, {0}), unit(0, 5, 12, {1, 2, 3, 4})));
  EXPECT_THAT(make_units(encoding, UnitKind::kTextWord, "it's go, od. \n").units,
              ElementsAre(unit(0, 0, 4, {0}), unit(0, 5, 7, {1}), unit(0, 7, 12, {2, 3, 4})));
}

TEST(Units, WhiteSpaceGoesWithWhatFollows) {
  const Encoding encoding = at_offsets({{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 4}, {4, 5}});
  EXPECT_THAT(make_units(encoding, UnitKind::kTextWord, " a b ").units,
              ElementsAre(unit(0, 1, 2, {0, 1}), unit(0, 3, 4, {2, 3, 4, 5})));
  EXPECT_THAT(make_units(encoding, UnitKind::kSentence, "     ").units,
              ElementsAre(unit(0, 0, 5, {0, 1, 2, 3, 4, 5})));
}

TEST(Units, PartsOfTwoSidesStayApart) {
  Encoding encoding = at_offsets({{0, 3}, {4, 7}, {7, 8}});
  encoding.append_special(2, "[SEP]", 0);
  encoding.append(at_offsets({{0, 2}, {2, 3}, {4, 6}}, 1));
  const Units units = make_units(encoding, UnitKind::kSentence, "One two.", "No! So");
  EXPECT_THAT(units.units,
              ElementsAre(unit(0, 0, 8, {0, 1, 2}), unit(1, 0, 3, {4, 5}), unit(1, 4, 6, {6})));
  EXPECT_THAT(units.special, ElementsAre(3));
}

TEST(Units, OfNothing) {
  for (std::size_t i = 0; i < EnumNames<UnitKind>::kNames.size(); ++i) {
    const auto kind = static_cast<UnitKind>(i);
    if (kind == UnitKind::kSpan) continue;  // made from what the user names
    EXPECT_THAT(make_units({}, kind).units, IsEmpty());
  }
  EXPECT_EQ(EnumNames<UnitKind>::kNames[static_cast<std::size_t>(UnitKind::kWord)], "word");
}

}  // namespace
}  // namespace ascribo
