// SPDX-License-Identifier: MIT
// Sequences made of encodings: positions, types and cutting.
#include "ascribo/explain/inputs/sequence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/explain/errors.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;

// [CLS] text [SEP] pair [SEP], with ids 100, 1, 2, ..., 101, 11, 12, ..., 101.
Encoding pair_of(std::int64_t text, std::int64_t pair) {
  Encoding encoding;
  const auto add = [&](std::int64_t id, std::optional<int> side, std::int64_t type) {
    encoding.ids.push_back(id);
    encoding.tokens.push_back(std::to_string(id));
    encoding.offsets.push_back({});
    encoding.word_ids.emplace_back();
    encoding.type_ids.push_back(type);
    encoding.sides.push_back(side);
    encoding.special.push_back(!side);
  };
  add(100, {}, 0);
  for (std::int64_t i = 1; i <= text; ++i) add(i, 0, 0);
  add(101, {}, 0);
  for (std::int64_t i = 1; i <= pair; ++i) add(10 + i, 1, 1);
  if (pair > 0) add(101, {}, 1);
  return encoding;
}

TEST(Sequence, PositionsCountFromZeroAndTypesFollowTheModel) {
  ModelInfo model;
  model.type_vocab = 2;
  const Sequence with_types = to_sequence(pair_of(1, 1), model);
  EXPECT_THAT(with_types.ids, ElementsAre(100, 1, 101, 11, 101));
  EXPECT_THAT(with_types.positions, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(with_types.type_ids, ElementsAre(0, 0, 0, 1, 1));
  model.type_vocab = 0;
  EXPECT_THAT(to_sequence(pair_of(1, 1), model).type_ids, ElementsAre(0, 0, 0, 0, 0));
}

TEST(Truncate, LeavesWhatFitsAlone) {
  Encoding encoding = pair_of(3, 0);
  EXPECT_EQ(truncate(encoding, 5), "");
  EXPECT_EQ(encoding.size(), 5U);
}

TEST(Truncate, CutsTheEndOfTheTextAndKeepsTheTemplate) {
  Encoding encoding = pair_of(5, 0);
  EXPECT_EQ(truncate(encoding, 5), "truncated: the last 2 of 5 tokens of the text are left out");
  EXPECT_THAT(encoding.ids, ElementsAre(100, 1, 2, 3, 101));
  EXPECT_EQ(encoding.offsets.size(), 5U);
  EXPECT_EQ(encoding.special.size(), 5U);
}

TEST(Truncate, CutsTheLongerSideFirst) {
  Encoding encoding = pair_of(2, 6);
  EXPECT_EQ(truncate(encoding, 8), "truncated: the last 3 of 6 tokens of the pair are left out");
  EXPECT_THAT(encoding.ids, ElementsAre(100, 1, 2, 101, 11, 12, 13, 101));
  encoding = pair_of(6, 4);
  EXPECT_EQ(truncate(encoding, 7),
            "truncated: the last 4 of 6 tokens of the text and the last 2 of 4 tokens of the pair "
            "are left out");
  EXPECT_THAT(encoding.ids, ElementsAre(100, 1, 2, 101, 11, 12, 101));
}

TEST(Truncate, CannotCutTheTemplate) {
  Encoding encoding = pair_of(2, 2);
  EXPECT_EQ(error_of(Code::kTooLong, [&] { truncate(encoding, 2); }),
            "[truncate] 3 special tokens are left; expected at most 2.");
}

TEST(CheckLength, NamesTruncate) {
  ModelInfo model;
  model.max_positions = 512;
  EXPECT_EQ(error_of(Code::kTooLong, [&] { check_length(513, model); }),
            "[text] 513 tokens, special tokens included, were given; expected at most the model's "
            "512 positions. Hint: use --truncate to cut the text, or --window N to explain it in "
            "overlapping windows");
}

}  // namespace
}  // namespace ascribo
