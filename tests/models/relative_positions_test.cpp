// SPDX-License-Identifier: MIT
// Tables of relative positions against values worked out by transformers.
#include "ascribo/models/relative_positions.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ascribo {
namespace {

TEST(RelativePositions, DistanceRowsAreLogarithmicBeyondTheMiddle) {
  const std::vector<std::int32_t> rows = distance_rows(511, 256, 512);
  const auto row = [&](std::int64_t distance) {
    return rows.at(static_cast<std::size_t>(511 + distance));
  };
  EXPECT_EQ(row(0), 256);
  EXPECT_EQ(row(128), 384);
  EXPECT_EQ(row(-128), 128);
  EXPECT_EQ(row(129), 385);
  EXPECT_EQ(row(200), 425);
  EXPECT_EQ(row(511), 511);
  EXPECT_EQ(row(-511), 1);
}

TEST(RelativePositions, DistanceRowsWithoutBucketsEndAtTheFarthest) {
  EXPECT_EQ(distance_rows(4, -1, 3), (std::vector<std::int32_t>{0, 0, 1, 2, 3, 4, 5, 5, 5}));
}

TEST(RelativePositions, DistanceBiases) {
  std::vector<double> buckets;
  for (int each = 0; each < 32; ++each) buckets.insert(buckets.end(), {1.0 * each, -1.0 * each});
  const Tensor biases =
      distance_biases(Tensor::from<double>(buckets, {32, 2}), 200, 128, Dtype::kF64);
  ASSERT_EQ(biases.shape(), (Shape{2, 401}));
  const std::vector<double> values = biases.to_vector<double>();
  const auto bias = [&](std::int64_t ahead) {
    return values.at(static_cast<std::size_t>(200 + ahead));
  };
  EXPECT_EQ(bias(0), 0);
  EXPECT_EQ(bias(-7), 7);
  EXPECT_EQ(bias(7), 23);
  EXPECT_EQ(bias(-11), 8);
  EXPECT_EQ(bias(-12), 9);
  EXPECT_EQ(bias(12), 25);
  EXPECT_EQ(bias(200), 31);
  EXPECT_EQ(bias(-200), 15);
  EXPECT_EQ(values.at(401 + 200 + 7), -23);
}

TEST(RelativePositions, AnglesDoNotDependOnHowManyWereAskedForBefore) {
  const RotaryAngles one(8, 10000, Dtype::kF32), other(8, 10000, Dtype::kF32);
  const Tensor few = one.up_to(3), many = other.up_to(1000);
  EXPECT_GE(many.dim(0), 1000);
  EXPECT_EQ(many.slice(0, few.dim(0)).to_vector<float>(), few.to_vector<float>());
  EXPECT_FLOAT_EQ(many.data<float>()[7 * 8 + 1], std::cos(0.7f));
  EXPECT_FLOAT_EQ(many.data<float>()[7 * 8 + 4 + 1], std::sin(0.7f));
}

}  // namespace
}  // namespace ascribo
