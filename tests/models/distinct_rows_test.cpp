// SPDX-License-Identifier: MIT
// Equal rows are projected once, to the same bits.
#include "ascribo/models/rows/distinct_rows.h"

#include <gtest/gtest.h>

#include "ascribo/models/training/apply.h"

namespace ascribo::test {
namespace {

constexpr std::int64_t kWidth = 80;

// Row r holds 0, 1, ... plus what `plus` has for it; `last` is added in its last column only.
Variable rows_of(const std::vector<float>& plus, const std::vector<float>& last) {
  std::vector<float> values;
  for (std::size_t r = 0; r < plus.size(); ++r) {
    for (std::int64_t i = 0; i < kWidth; ++i) {
      values.push_back(0.01F * static_cast<float>(i) + plus[r]);
    }
    values.back() += last[r];
  }
  return Variable(Tensor::from<float>(values, {static_cast<std::int64_t>(plus.size()), kWidth}));
}

LinearWeight weight_of(std::int64_t out) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < out * kWidth; ++i) {
    values.push_back(static_cast<float>(i % 17 - 8) / 16.0F);
  }
  return LinearWeight(Tensor::from<float>(values, {out, kWidth}), Tensor(), Dtype::kF32);
}

void expect_same_bits(const Variable& x) {
  const Run run;
  const LinearWeight weight = weight_of(96);
  EXPECT_EQ(DistinctRows(x).project(weight, x, run).value().to_vector<float>(),
            apply(weight, x, run).value().to_vector<float>());
}

TEST(DistinctRows, OfManyEqualOnes) {
  const Variable x = rows_of({1, 2, 1, 1, 2, 2, 1, 3}, std::vector<float>(8, 0));
  EXPECT_TRUE(DistinctRows(x).found());
  expect_same_bits(x);
}

TEST(DistinctRows, RowsThatOnlyBeginAlikeAreNotEqual) {
  const Variable x = rows_of({1, 1, 1, 1, 1, 1, 1, 1}, {0, 0, 0.5F, 0, 0.5F, 0, 0, 0});
  EXPECT_TRUE(DistinctRows(x).found());
  expect_same_bits(x);
}

TEST(DistinctRows, FoundOnlyWhereHalfOfTheWorkIsSaved) {
  const Variable x = rows_of({1, 2, 3, 1, 2, 4}, std::vector<float>(6, 0));
  EXPECT_FALSE(DistinctRows(x).found());
  expect_same_bits(x);
}

TEST(DistinctRows, NotWhereGradientsAreWanted) {
  ascribo::Run run;
  run.watch({Tap::kWordEmbeddings});
  const Variable x =
      run.pass({Tap::kWordEmbeddings}, rows_of({1, 1, 1, 1}, std::vector<float>(4, 0)));
  EXPECT_FALSE(DistinctRows(x).found());
}

}  // namespace
}  // namespace ascribo::test
