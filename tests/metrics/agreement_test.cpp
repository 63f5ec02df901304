// SPDX-License-Identifier: MIT
// Rank correlations against numbers worked out by hand.
#include "ascribo/metrics/parts/agreement.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ascribo {
namespace {

using Numbers = std::vector<double>;

TEST(Kendall, CountsPairs) {
  EXPECT_DOUBLE_EQ(kendall(Numbers{1, 2, 3}, Numbers{10, 20, 30}), 1);
  EXPECT_DOUBLE_EQ(kendall(Numbers{1, 2, 3}, Numbers{3, 2, 1}), -1);
  // Pairs of 1 2 3 4 and 1 3 2 4: five agree, one does not.
  EXPECT_DOUBLE_EQ(kendall(Numbers{1, 2, 3, 4}, Numbers{1, 3, 2, 4}), 4.0 / 6);
}

TEST(Kendall, CorrectsForTies) {
  // Of three pairs one is tied on the left; the other two agree: 2 / sqrt(2 * 3).
  EXPECT_DOUBLE_EQ(kendall(Numbers{1, 1, 2}, Numbers{1, 2, 3}), 2 / std::sqrt(6.0));
  EXPECT_EQ(kendall(Numbers{1, 1, 1}, Numbers{1, 2, 3}), 0);
}

TEST(Spearman, ComparesRanks) {
  EXPECT_DOUBLE_EQ(spearman(Numbers{1, 2, 3}, Numbers{1, 4, 900}), 1);
  // 1 - 6 sum d^2 / n(n^2 - 1) with differences 0, 1, 1, 0.
  EXPECT_DOUBLE_EQ(spearman(Numbers{1, 2, 3, 4}, Numbers{1, 3, 2, 4}), 1 - 6.0 * 2 / 60);
  // Ranks 1.5 1.5 3 and 1 2 3: covariance 1.5, variances 1.5 and 2.
  EXPECT_DOUBLE_EQ(spearman(Numbers{5, 5, 7}, Numbers{1, 2, 3}), 1.5 / std::sqrt(3.0));
  EXPECT_EQ(spearman(Numbers{1, 1}, Numbers{1, 2}), 0);
}

}  // namespace
}  // namespace ascribo
