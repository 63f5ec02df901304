// SPDX-License-Identifier: MIT
// Handles, views, printing.
#include "ascribo/tensor/tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ascribo/tensor/accumulate.h"

namespace ascribo {
namespace {

using testing::ElementsAre;

Tensor numbers(std::vector<float> values, const Shape& shape) {
  return Tensor::from<float>(values, shape);
}

TEST(Shape, SizeAndText) {
  EXPECT_EQ(to_string(Shape{2, 31, 768}), "[2, 31, 768]");
  EXPECT_EQ(to_string(Shape{}), "[]");
  EXPECT_EQ(numel({2, 3, 4}), 24);
  EXPECT_EQ(numel({}), 1);
  EXPECT_EQ(numel({2, 0}), 0);
}

TEST(Tensor, Dimensions) {
  const Tensor tensor = Tensor::zeros({2, 3, 4});
  EXPECT_EQ(tensor.dim(0), 2);
  EXPECT_EQ(tensor.dim(-1), 4);
  EXPECT_EQ(tensor.rows(), 6);
  EXPECT_EQ(tensor.cols(), 4);
  EXPECT_EQ(tensor.bytes(), 96u);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.raw()) % 64, 0u);
  EXPECT_FALSE(Tensor().defined());
  EXPECT_TRUE(Tensor::empty({0, 4}).defined());
}

TEST(Tensor, ViewsShareAndClonesDoNot) {
  Tensor tensor = numbers({1, 2, 3, 4, 5, 6}, {3, 2});
  EXPECT_TRUE(tensor.unique());
  Tensor row = tensor.slice(1, 2);
  const Tensor flat = tensor.reshape({6});
  const Tensor copy = tensor.clone();
  EXPECT_FALSE(tensor.unique());
  EXPECT_TRUE(copy.unique());
  row.mutable_data<float>()[0] = 30;
  EXPECT_THAT(flat.to_vector<float>(), ElementsAre(1, 2, 30, 4, 5, 6));
  EXPECT_THAT(copy.to_vector<float>(), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(tensor.slice(3, 3).numel(), 0);
}

TEST(Tensor, BorrowedMemoryIsKeptAliveAndNeverUnique) {
  auto owner = std::make_shared<std::vector<float>>(std::vector<float>{1, 2});
  const std::weak_ptr<std::vector<float>> watched = owner;
  Tensor tensor = Tensor::borrow(owner->data(), {2}, Dtype::kF32, owner);
  owner.reset();
  EXPECT_FALSE(tensor.unique());
  EXPECT_THAT(tensor.to_vector<double>(), ElementsAre(1, 2));
  tensor = Tensor();
  EXPECT_TRUE(watched.expired());
}

TEST(Tensor, ToItsOwnTypeSharesStorage) {
  const Tensor tensor = numbers({1, 2}, {2});
  EXPECT_EQ(tensor.to(Dtype::kF32).raw(), tensor.raw());
  EXPECT_THAT(tensor.to(Dtype::kF64).to_vector<double>(), ElementsAre(1, 2));
}

TEST(Accumulate, InPlaceOnlyWhenNobodyElseLooks) {
  Tensor sum = numbers({1, 2}, {2});
  const void* storage = sum.raw();
  accumulate(sum, numbers({10, 20}, {2}));
  EXPECT_EQ(sum.raw(), storage);
  const Tensor other = sum;
  accumulate(sum, numbers({100, 200}, {2}));
  EXPECT_THAT(sum.to_vector<float>(), ElementsAre(111, 222));
  EXPECT_THAT(other.to_vector<float>(), ElementsAre(11, 22));
}

TEST(Accumulate, LongAndOddLengths) {
  for (const std::size_t count : {0u, 1u, 31u, 32u, 33u, 1000u}) {
    const auto size = static_cast<std::int64_t>(count);
    Tensor sum = Tensor::from<double>(std::vector<double>(count, 1.5), {size});
    accumulate(sum, Tensor::from<double>(std::vector<double>(count, 2.0), {size}));
    EXPECT_EQ(sum.to_vector<double>(), std::vector<double>(count, 3.5));
  }
}

}  // namespace
}  // namespace ascribo
