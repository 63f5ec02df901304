// SPDX-License-Identifier: MIT
// Tables of relative positions against values worked out by transformers.
#include "ascribo/models/relative_positions.h"

#include <gtest/gtest.h>

#include <algorithm>
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

// Slopes printed by transformers 5.23.0: bloom.modeling_bloom._get_alibi_slopes(heads, "cpu").
TEST(RelativePositions, AlibiSlopesAreThoseOfBloom) {
  const std::vector<std::vector<double>> known{
      {0.00390625},
      {0.0625, 0.00390625, 0.25},
      {0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625},
      {0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625, 0.707106769, 0.353553385,
       0.176776677, 0.0883883387},
      {0.707106769, 0.49999997, 0.353553385, 0.249999985, 0.176776677, 0.124999985, 0.0883883387,
       0.0624999925, 0.0441941656, 0.0312499944, 0.0220970828, 0.0156249972, 0.0110485414,
       0.00781249814, 0.00552427024, 0.00390624884}};
  for (const std::vector<double>& slopes : known) {
    const auto heads = static_cast<std::int64_t>(slopes.size());
    const AlibiBiases biases(heads, Dtype::kF64);
    for (const std::int64_t asked : {3, 1000}) {
      const Tensor table = biases.up_to(asked);
      const std::int64_t reach = table.cols() / 2;
      ASSERT_EQ(table.shape(), (Shape{heads, 2 * reach + 1}));
      ASSERT_GE(reach, asked);
      for (std::int64_t head = 0; head < heads; ++head) {
        const double slope = slopes[static_cast<std::size_t>(head)];
        for (const std::int64_t ahead : {-3, 0, 3}) {
          EXPECT_NEAR(table.data<double>()[head * table.cols() + reach + ahead],
                      -slope * std::abs(static_cast<double>(ahead)), 1e-6 * slope);
        }
      }
    }
  }
}

// Bloom's way: slope j is added to the scaled scores, whatever the query.
TEST(RelativePositions, AlibiAttentionIsThatOfBloom) {
  const std::vector<std::int64_t> lengths{5, 1, 140};
  for (const std::int64_t heads : {3, 8}) {
    auto layout = std::make_shared<AttentionLayout>();
    layout->heads = heads;
    layout->key_offsets = {0};
    for (const std::int64_t each : lengths) {
      layout->key_offsets.push_back(layout->key_offsets.back() + each);
    }
    layout->query_offsets = layout->key_offsets;
    const std::int64_t rows = layout->key_offsets.back(), width = 4;
    std::vector<double> entries(static_cast<std::size_t>(rows * heads * width));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      entries[i] = std::sin(1.7 * static_cast<double>(i));
    }
    const Tensor q = Tensor::from<double>(entries, {rows, heads * width});
    std::reverse(entries.begin(), entries.end());
    const Tensor k = Tensor::from<double>(entries, {rows, heads * width});
    const auto alibi = std::make_shared<const AlibiBiases>(heads, Dtype::kF64);
    const Tensor slopes = alibi->up_to(1);

    const double scale = 0.5;  // of heads of 4
    std::vector<double> added;
    for (const std::int64_t length : lengths) {
      for (std::int64_t head = 0; head < heads; ++head) {
        const double slope = -slopes.data<double>()[head * slopes.cols() + slopes.cols() / 2 - 1];
        for (std::int64_t at = 0; at < length * length; ++at) {
          added.push_back(slope * static_cast<double>(at % length) / scale);
        }
      }
    }
    const auto count = static_cast<std::int64_t>(added.size());
    const std::vector<double> expected =
        ops::attention_probs(q, k, layout, scale,
                             {.causal = true, .added = Tensor::from<double>(added, {count})})
            .value()
            .to_vector<double>();
    ascribo::Run run;
    const std::vector<double> actual =
        relative_attention_probs({.causal = true, .alibi = alibi}, q, k, layout, 0, run)
            .value()
            .to_vector<double>();
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) ASSERT_NEAR(actual[i], expected[i], 1e-12);
  }
}

}  // namespace
}  // namespace ascribo
