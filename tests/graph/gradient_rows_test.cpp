// SPDX-License-Identifier: MIT
// Rows of gradients by seed: where they lie, what two users have together, how shares are added.
#include "ascribo/graph/gradient_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Range = GradientRows::Range;

TEST(GradientRows, RangesThatTouchAreOneAndLieOneAfterAnother) {
  const GradientRows rows(10, {{{2, 2}, {4, 1}, {7, 0}, {8, 2}}, {}, {{0, 10}}});
  EXPECT_EQ(rows.seeds(), 3);
  EXPECT_EQ(rows.size(), 15);
  EXPECT_FALSE(rows.full());
  EXPECT_THAT(rows.of(0), ElementsAre(Range{2, 3, 0}, Range{8, 2, 3}));
  EXPECT_THAT(rows.of(1), IsEmpty());
  EXPECT_THAT(rows.of(2), ElementsAre(Range{0, 10, 5}));
  EXPECT_THAT(rows.sources(), ElementsAre(2, 3, 4, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_EQ(rows.shape({10, 4}), (Shape{15, 4}));
}

TEST(GradientRows, AllRowsKeepTheirSeeds) {
  const GradientRowsPtr rows = GradientRows::all(3, 4);
  EXPECT_TRUE(rows->full());
  EXPECT_EQ(rows->shape({4, 2}), (Shape{3, 4, 2}));
  EXPECT_TRUE(GradientRows::all(2, 0)->full());
}

TEST(GradientRows, WithinIsOneRangeOrNone) {
  const GradientRows rows(10, {{{0, 1}}, {{2, 3}, {8, 2}}});
  EXPECT_EQ(rows.within(1, 3, 8), (Range{3, 2, 2}));
  EXPECT_EQ(rows.within(1, 8, 9), (Range{8, 1, 4}));
  EXPECT_EQ(rows.within(1, 5, 8)->count, 0);
  EXPECT_EQ(rows.within(1, 3, 3)->count, 0);
  EXPECT_EQ(rows.within(1, 4, 9), std::nullopt);
}

TEST(GradientRows, EitherHasTheRowsOfBoth) {
  const auto a = std::make_shared<const GradientRows>(
      6, std::vector<std::vector<RowRange>>{{{0, 2}}, {{5, 1}}});
  const auto b = std::make_shared<const GradientRows>(
      6, std::vector<std::vector<RowRange>>{{{1, 3}}, {{0, 1}}});
  const GradientRowsPtr both = GradientRows::either(a, b);
  EXPECT_THAT(both->of(0), ElementsAre(Range{0, 4, 0}));
  EXPECT_THAT(both->of(1), ElementsAre(Range{0, 1, 4}, Range{5, 1, 5}));
  EXPECT_EQ(GradientRows::either(nullptr, a), a);
  EXPECT_EQ(GradientRows::either(a, a), a);
  const GradientRowsPtr all = GradientRows::all(2, 6);
  EXPECT_EQ(GradientRows::either(a, all), all);
}

TEST(GradientRows, SharesAreAddedWhereTheirRowsAre) {
  const GradientRows few(4, {{{1, 1}}, {{0, 1}, {3, 1}}});
  const GradientRowsPtr all = GradientRows::all(2, 4);
  const std::vector<double> share{10, 20, 30};
  Tensor sum = Tensor::from<double>(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}, {2, 4});
  add_rows(Tensor::from<double>(share, {3}), few, sum, *all);
  EXPECT_THAT(sum.to_vector<double>(), ElementsAre(1, 12, 3, 4, 25, 6, 7, 38));
}

}  // namespace
}  // namespace ascribo
