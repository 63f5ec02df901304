// SPDX-License-Identifier: MIT
// Gradients of weights from factors in bf16, wherever in its table a weight lies.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ascribo/base/threads.h"
#include "ascribo/graph/tape.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/linear.h"
#include "tests/ops/rounded.h"

namespace ascribo {
namespace {

Tensor values(std::uint64_t role, const Shape& shape) {
  return ops::sample_constant(role, shape, Dtype::kF32);
}

class Bf16Gradient : public testing::Test {
 protected:
  void SetUp() override {
    if (!ops::has_bf16_products()) GTEST_SKIP() << "this CPU does not multiply bf16";
  }
  ~Bf16Gradient() override { set_threads(0); }

  /// Of the table in which a weight lies, for `uses` products with it.
  static std::vector<float> gradient(const StoredWeight& stored, std::int64_t rows, int uses = 1) {
    const LinearWeight weight(stored, Tensor());
    Tape tape;
    const Variable table = tape.watch(stored.table);
    const Variable x = values(3, {rows, stored.in()});
    Variable y;
    const Tensor seeds = values(4, {1, rows, stored.out()});
    for (int n = 0; n < uses; ++n) {
      y = ops::linear(y.defined() ? y : x, weight, Precision::kBf16, {table, Variable()});
    }
    return tape.gradients(y, seeds, std::vector{table})[0].to_vector<float>();
  }

  /// Element (out, in) of the weight's gradient, in double precision.
  static double expected(std::int64_t rows, std::int64_t out, std::int64_t in, std::int64_t o,
                         std::int64_t i) {
    const std::vector<double> x = test::rounded_values(values(3, {rows, in}));
    const std::vector<double> dy = test::rounded_values(values(4, {1, rows, out}));
    double sum = 0;
    for (std::int64_t row = 0; row < rows; ++row) {
      sum +=
          dy[static_cast<std::size_t>(row * out + o)] * x[static_cast<std::size_t>(row * in + i)];
    }
    return sum;
  }
};

TEST_F(Bf16Gradient, IsTheSumOfRoundedFactorsInDoublePrecision) {
  for (const std::int64_t rows : {1, 31, 64, 300, 700}) {
    const std::int64_t out = 200, in = 96;
    const std::vector<float> found = gradient(StoredWeight::whole(values(1, {out, in})), rows);
    for (const std::int64_t o : {0, 99, 100, 199}) {
      for (const std::int64_t i : {0, 50, 95}) {
        EXPECT_NEAR(found[static_cast<std::size_t>(o * in + i)], expected(rows, out, in, o, i),
                    1e-4)
            << rows << " rows, " << o << ", " << i;
      }
    }
  }
}

// As GPT-2 has them: three weights side by side, turned round; the others' gradients are 0.
TEST_F(Bf16Gradient, OfAWeightAmongOthers) {
  const std::int64_t width = 64, in = 80, rows = 45;
  const StoredWeight middle{
      .table = values(1, {in, 3 * width}), .first = width, .width = width, .in_first = true};
  const std::vector<float> found = gradient(middle, rows);
  for (const std::int64_t i : {0, 79}) {
    for (const std::int64_t o : {0, 63}) {
      const auto at = static_cast<std::size_t>(i * 3 * width + width + o);
      EXPECT_NEAR(found[at], expected(rows, width, in, o, i), 1e-4);
      EXPECT_EQ(found[at - static_cast<std::size_t>(width)], 0);
      EXPECT_EQ(found[at + static_cast<std::size_t>(width)], 0);
    }
  }
}

TEST_F(Bf16Gradient, BitsDoNotDependOnThreads) {
  const StoredWeight weight = StoredWeight::whole(values(1, {256, 256}));
  set_threads(1);
  const std::vector<float> alone = gradient(weight, 300, 2);
  set_threads(3);
  EXPECT_EQ(gradient(weight, 300, 2), alone);
}

}  // namespace
}  // namespace ascribo
