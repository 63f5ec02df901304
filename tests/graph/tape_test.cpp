// SPDX-License-Identifier: MIT
// The walk back: what is visited, what is shared, what is freed.
#include "ascribo/graph/tape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ascribo {
namespace {

using testing::ElementsAre;

Tensor values(std::vector<double> numbers) {
  const auto count = static_cast<std::int64_t>(numbers.size());
  return Tensor::from<double>(numbers, {count});
}

Tensor seeds(std::vector<double> numbers, std::int64_t count) {
  const auto size = static_cast<std::int64_t>(numbers.size());
  return Tensor::from<double>(numbers, {count, size / count});
}

// y = factor x; counts how often its backward runs.
Variable scaled(const Variable& x, double factor, int* visits = nullptr) {
  std::vector<double> y = x.value().to_vector<double>();
  for (double& value : y) value *= factor;
  return record(values(y), {x}, [factor, visits](Backward& backward) {
    if (visits) ++*visits;
    GradientSlot slot = backward.slot(0);
    double* to = slot.tensor.mutable_data<double>();
    const double* from = backward.output().data<double>();
    for (std::int64_t i = 0; i < slot.tensor.numel(); ++i) {
      to[i] = (slot.accumulate ? to[i] : 0.0) + factor * from[i];
    }
  });
}

// a + b, handing its gradient on.
Variable sum(const Variable& a, const Variable& b) {
  std::vector<double> y = a.value().to_vector<double>();
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += b.value().data<double>()[i];
  return record(values(y), {a, b}, [](Backward& backward) {
    for (const std::size_t input : {0u, 1u}) {
      if (backward.wanted(input)) backward.pass(input, backward.output());
    }
  });
}

TEST(Tape, GradientsCarrySeedsFirst) {
  Tape tape;
  const Variable x = tape.watch(values({1, 2}));
  const Variable y = scaled(x, 3);
  const auto gradients = tape.gradients(y, seeds({1, 0, 0, 1, 1, 1}, 3), std::vector{x});
  EXPECT_EQ(gradients[0].shape(), (Shape{3, 2}));
  EXPECT_THAT(gradients[0].to_vector<double>(), ElementsAre(3, 0, 0, 3, 3, 3));
}

TEST(Tape, SharesOfSeveralUsersAreAdded) {
  Tape tape;
  const Variable x = tape.watch(values({1}));
  const Variable y = sum(sum(scaled(x, 2), x), sum(x, scaled(x, 5)));
  const auto gradients = tape.gradients(y, seeds({1, 10}, 2), std::vector{x});
  EXPECT_THAT(gradients[0].to_vector<double>(), ElementsAre(9, 90));
}

TEST(Tape, OneVariableInBothPlaces) {
  Tape tape;
  const Variable x = tape.watch(values({1}));
  const Variable passed = sum(x, x);
  EXPECT_THAT(tape.gradients(passed, seeds({1}, 1), std::vector{x})[0].to_vector<double>(),
              ElementsAre(2));
  // Asks for both slots before it fills either.
  const Variable slots = record(values({1}), {x, x}, [](Backward& backward) {
    GradientSlot first = backward.slot(0);
    GradientSlot second = backward.slot(1);
    EXPECT_FALSE(first.accumulate);
    EXPECT_FALSE(second.accumulate);
    first.tensor.mutable_data<double>()[0] = 3;
    second.tensor.mutable_data<double>()[0] = 4;
  });
  EXPECT_THAT(tape.gradients(slots, seeds({1}, 1), std::vector{x})[0].to_vector<double>(),
              ElementsAre(7));
}

TEST(Tape, PassedGradientsAreNotWrittenThrough) {
  Tape tape;
  const Variable x = tape.watch(values({1}));
  const Variable middle = scaled(x, 2);
  const Variable y = sum(middle, sum(scaled(middle, 7), middle));
  const Tensor seed = seeds({1}, 1);
  const auto gradients = tape.gradients(y, seed, std::vector{y, middle, x});
  EXPECT_THAT(gradients[0].to_vector<double>(), ElementsAre(1));
  EXPECT_THAT(gradients[1].to_vector<double>(), ElementsAre(9));
  EXPECT_THAT(gradients[2].to_vector<double>(), ElementsAre(18));
  EXPECT_THAT(seed.to_vector<double>(), ElementsAre(1));
}

TEST(Tape, OnlyTheWayToWantedIsWalked) {
  Tape tape;
  int left = 0, right = 0, above = 0;
  const Variable a = tape.watch(values({1}));
  const Variable b = tape.watch(values({1}));
  const Variable y = sum(scaled(a, 2, &left), scaled(b, 3, &right));
  scaled(y, 4, &above);
  tape.gradients(y, seeds({1}, 1), std::vector{b});
  EXPECT_EQ(left, 0);
  EXPECT_EQ(right, 1);
  EXPECT_EQ(above, 0);
}

TEST(Tape, UnrelatedVariablesGetZeros) {
  Tape tape;
  const Variable x = tape.watch(values({1}));
  const Variable other = tape.watch(values({1, 2, 3}));
  const Variable constant(values({1, 2}));
  const auto gradients =
      tape.gradients(scaled(x, 2), seeds({1, 1}, 2), std::vector{other, constant});
  EXPECT_EQ(gradients[0].shape(), (Shape{2, 3}));
  EXPECT_EQ(gradients[1].shape(), (Shape{2, 2}));
  EXPECT_THAT(gradients[1].to_vector<double>(), ElementsAre(0, 0, 0, 0));
  const auto of_constant = tape.gradients(constant, seeds({1, 1}, 1), std::vector{x});
  EXPECT_THAT(of_constant[0].to_vector<double>(), ElementsAre(0));
}

TEST(Tape, ConstantsAreNotRecorded) {
  const Variable y = scaled(Variable(values({2})), 2);
  EXPECT_FALSE(y.requires_grad());
  EXPECT_TRUE(y.value().unique());
}

TEST(Tape, MayBeAskedAgainWithOtherSeeds) {
  Tape tape;
  const Variable x = tape.watch(values({1}));
  const Variable y = scaled(scaled(x, 2), 3);
  for (const double seed : {1.0, 2.0}) {
    const auto gradients = tape.gradients(y, seeds({seed}, 1), std::vector{x});
    EXPECT_THAT(gradients[0].to_vector<double>(), ElementsAre(6 * seed));
  }
}

TEST(Tape, ReleaseFreesWhatBackwardsKeep) {
  Tape tape;
  const Variable x = tape.watch(values({1}));
  Tensor saved = values({5});
  const Variable y = record(values({1}), {x},
                            [saved](Backward& backward) { backward.pass(0, backward.output()); });
  EXPECT_FALSE(saved.unique());
  tape.gradients(y, seeds({1}, 1), std::vector{x});
  EXPECT_FALSE(saved.unique());
  tape.gradients(y, seeds({1}, 1), std::vector{x}, true);
  EXPECT_TRUE(saved.unique());
}

}  // namespace
}  // namespace ascribo
