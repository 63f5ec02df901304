// SPDX-License-Identifier: MIT
// Weights within tables: which entries they are, and whether anything is copied.
#include "ascribo/tensor/stored_weight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

namespace ascribo {
namespace {

using testing::ElementsAre;

// Row r, column c of a table: 10 r + c, in any dtype without rounding.
Tensor table(std::int64_t rows, std::int64_t cols, Dtype dtype = Dtype::kF32) {
  std::vector<double> values;
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < cols; ++c) values.push_back(static_cast<double>(10 * r + c));
  }
  if (dtype == Dtype::kF64) return Tensor::from<double>(values, {rows, cols});
  const std::vector<float> singles(values.begin(), values.end());
  Tensor single = Tensor::from<float>(singles, {rows, cols});
  if (dtype == Dtype::kF32) return single;
  auto bits = std::make_shared<std::vector<std::uint16_t>>();
  for (const double value : values) {  // bfloat16 is the upper half of a float
    const auto whole = std::bit_cast<std::uint32_t>(static_cast<float>(value));
    bits->push_back(static_cast<std::uint16_t>(whole >> 16));
  }
  return Tensor::borrow(bits->data(), {rows, cols}, Dtype::kBF16, bits);
}

TEST(StoredWeight, RowsOfSomeOutputs) {
  const std::vector<std::int64_t> outputs = {0, 2, 3};
  const StoredWeight stretches{table(8, 2), 1, 2, 4, 2};  // rows 1, 2, 5, 6
  EXPECT_THAT(stretches.rows(outputs, Dtype::kF32).to_vector<float>(),
              ElementsAre(10, 11, 50, 51, 60, 61));
  StoredWeight turned = stretches;
  turned.table = table(2, 8);
  turned.in_first = true;
  EXPECT_THAT(turned.rows(outputs, Dtype::kF64).to_vector<double>(),
              ElementsAre(1, 11, 5, 15, 6, 16));
  EXPECT_THAT(
      StoredWeight::whole(table(4, 2, Dtype::kBF16)).rows(outputs, Dtype::kF32).to_vector<float>(),
      ElementsAre(0, 1, 20, 21, 30, 31));
}

TEST(StoredWeight, WholeTableIsNotCopied) {
  const Tensor all = table(3, 2);
  const StoredWeight weight = StoredWeight::whole(all);
  EXPECT_EQ(weight.out(), 3);
  EXPECT_EQ(weight.in(), 2);
  EXPECT_EQ(weight.plain().raw(), all.raw());
  EXPECT_EQ(weight.plain().shape(), all.shape());
  EXPECT_THAT(weight.to(Dtype::kF64).to_vector<double>(), ElementsAre(0, 1, 10, 11, 20, 21));
}

TEST(StoredWeight, OneStretchOfRowsIsNotCopied) {
  const Tensor all = table(5, 2);
  const StoredWeight weight{all, 1, 3, 3};
  EXPECT_EQ(weight.plain().raw(), all.slice(1, 4).raw());
  EXPECT_EQ(weight.plain().shape(), (Shape{3, 2}));
  EXPECT_THAT(weight.to(Dtype::kF32).to_vector<float>(), ElementsAre(10, 11, 20, 21, 30, 31));
}

// Queries, keys and values of two heads of width 2, head by head: the keys.
TEST(StoredWeight, StretchesOfRows) {
  const StoredWeight weight{table(12, 2), 2, 2, 6, 2};
  EXPECT_EQ(weight.out(), 4);
  EXPECT_EQ(weight.plain().shape(), (Shape{4, 2}));
  EXPECT_THAT(weight.plain().to_vector<float>(), ElementsAre(20, 21, 30, 31, 80, 81, 90, 91));
  EXPECT_THAT(weight.to(Dtype::kF64).to_vector<double>(),
              ElementsAre(20, 21, 30, 31, 80, 81, 90, 91));
}

TEST(StoredWeight, AllColumnsAreTurnedButNotCopiedBefore) {
  const Tensor all = table(2, 3);
  const StoredWeight weight{all, 0, 3, 3, 1, true};
  EXPECT_EQ(weight.out(), 3);
  EXPECT_EQ(weight.in(), 2);
  EXPECT_EQ(weight.plain().raw(), all.raw());
  EXPECT_THAT(weight.to(Dtype::kF32).to_vector<float>(), ElementsAre(0, 10, 1, 11, 2, 12));
}

TEST(StoredWeight, SomeColumns) {
  const StoredWeight weight{table(2, 6), 2, 2, 2, 1, true};
  EXPECT_EQ(weight.plain().shape(), (Shape{2, 2}));
  EXPECT_THAT(weight.plain().to_vector<float>(), ElementsAre(2, 3, 12, 13));
  EXPECT_EQ(weight.to(Dtype::kF64).shape(), (Shape{2, 2}));
  EXPECT_THAT(weight.to(Dtype::kF64).to_vector<double>(), ElementsAre(2, 12, 3, 13));
}

TEST(StoredWeight, StretchesOfColumns) {
  const StoredWeight weight{table(3, 8), 1, 1, 4, 2, true};
  EXPECT_EQ(weight.plain().shape(), (Shape{3, 2}));
  EXPECT_THAT(weight.plain().to_vector<float>(), ElementsAre(1, 5, 11, 15, 21, 25));
  EXPECT_THAT(weight.to(Dtype::kF32).to_vector<float>(), ElementsAre(1, 11, 21, 5, 15, 25));
}

// A bias goes along as a table of one column.
TEST(StoredWeight, OneColumn) {
  const StoredWeight weight{table(12, 1), 4, 2, 6, 2};
  EXPECT_THAT(weight.to(Dtype::kF32).to_vector<float>(), ElementsAre(40, 50, 100, 110));
}

TEST(StoredWeight, KeepsTheTypeUntilItIsAskedForAnother) {
  for (const Dtype dtype : {Dtype::kBF16, Dtype::kF64}) {
    const StoredWeight rows{table(4, 2, dtype), 1, 1, 2, 2};
    EXPECT_EQ(rows.plain().dtype(), dtype);
    EXPECT_THAT(rows.to(Dtype::kF32).to_vector<float>(), ElementsAre(10, 11, 30, 31));
    const StoredWeight columns{table(2, 4, dtype), 1, 2, 2, 1, true};
    EXPECT_EQ(columns.plain().dtype(), dtype);
    EXPECT_EQ(columns.to(Dtype::kF64).dtype(), Dtype::kF64);
    EXPECT_THAT(columns.to(Dtype::kF64).to_vector<double>(), ElementsAre(1, 11, 2, 12));
  }
}

}  // namespace
}  // namespace ascribo
