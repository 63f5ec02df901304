// SPDX-License-Identifier: MIT
// Sequences are put one after another, with a mask only where one is needed.
#include "ascribo/models/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/models/models_under_test.h"

namespace ascribo::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Batch, RowsOneAfterAnother) {
  Batch batch;
  EXPECT_EQ(batch.rows(), 0);
  EXPECT_EQ(batch.sequences(), 0);
  batch.append({.ids = {7, 8}, .positions = {0, 1}, .type_ids = {0, 1}, .visible = {}});
  batch.append({.ids = {9}, .positions = {4}, .type_ids = {1}, .visible = {}});
  EXPECT_EQ(batch.rows(), 3);
  EXPECT_EQ(batch.sequences(), 2);
  EXPECT_THAT(batch.ids, ElementsAre(7, 8, 9));
  EXPECT_THAT(batch.positions, ElementsAre(0, 1, 4));
  EXPECT_THAT(batch.type_ids, ElementsAre(0, 1, 1));
  EXPECT_THAT(batch.offsets, ElementsAre(0, 2, 3));
  EXPECT_THAT(batch.visible, IsEmpty());
}

TEST(Batch, TheMaskCoversEverybodyOnceSomebodyHidesSomething) {
  Batch batch;
  batch.append(plain_sequence({1, 2}));
  Sequence hiding = plain_sequence({3, 4});
  hiding.visible = {1, 0};
  batch.append(hiding);
  batch.append(plain_sequence({5}));
  EXPECT_THAT(batch.visible, ElementsAre(1, 1, 1, 0, 1));
  Batch first;
  first.append(hiding);
  first.append(plain_sequence({5}));
  EXPECT_THAT(first.visible, ElementsAre(1, 0, 1));
}

}  // namespace
}  // namespace ascribo::test
