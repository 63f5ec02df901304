// SPDX-License-Identifier: MIT
// What operations on heads do to each of them, column by column.
#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/ops/repeat_heads.h"
#include "ascribo/ops/rms_norm.h"
#include "ascribo/ops/rotary.h"

namespace ascribo::ops {
namespace {

TEST(RepeatHeads, EachHeadStandsBesideItsCopies) {
  const Tensor x = Tensor::from<double>(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}, {2, 4});
  EXPECT_EQ(repeat_heads(x, 2, 2).value().to_vector<double>(),
            (std::vector<double>{1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6, 7, 8, 7, 8}));
  EXPECT_EQ(repeat_heads(x, 1, 2).value().to_vector<double>(),
            (std::vector<double>{1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8}));
}

TEST(RmsNorm, EachHeadIsItsOwn) {
  const Tensor x = Tensor::from<double>(std::vector<double>{3, 4, 0, -5}, {1, 4});
  const Tensor gamma = Tensor::from<double>(std::vector<double>{2, 10}, {2});
  const std::vector<double> y = rms_norm(x, gamma, 0.5).value().to_vector<double>();
  const std::vector<double> expected{6 / std::sqrt(13.0), 40 / std::sqrt(13.0), 0,
                                     -50 / std::sqrt(13.0)};
  for (std::size_t i = 0; i < y.size(); ++i) EXPECT_DOUBLE_EQ(y[i], expected[i]);
}

TEST(Rotary, TurnsTheFirstColumnsOfEachHeadAlone) {
  const double c = std::cos(0.3), s = std::sin(0.3);
  const Tensor angles = Tensor::from<double>(std::vector<double>{1, 0, c, s}, {2, 2});
  const Tensor x = Tensor::from<double>(std::vector<double>{1, 2, 3, 4, 5, 6}, {1, 6});
  const std::vector<double> y = rotary(x, 2, angles, {1}).value().to_vector<double>();
  const std::vector<double> expected{c - 2 * s, 2 * c + s, 3, 4 * c - 5 * s, 5 * c + 4 * s, 6};
  for (std::size_t i = 0; i < y.size(); ++i) EXPECT_DOUBLE_EQ(y[i], expected[i]);
}

}  // namespace
}  // namespace ascribo::ops
