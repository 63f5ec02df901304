// SPDX-License-Identifier: MIT
// Every half and every bfloat16 against their definition.
#include "ascribo/tensor/convert.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

namespace ascribo {
namespace {

// The definition: sign, exponent with bias, fraction.
double value_of(std::uint32_t bits, int exponent_bits, int fraction_bits) {
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const int exponent = static_cast<int>(bits >> fraction_bits) & ((1 << exponent_bits) - 1);
  const double fraction =
      static_cast<double>(bits & ((1u << fraction_bits) - 1)) / (1 << fraction_bits);
  const double sign = bits >> 15 ? -1.0 : 1.0;
  if (exponent == (1 << exponent_bits) - 1) {
    return fraction == 0 ? sign * HUGE_VAL : std::nan("");
  }
  if (exponent == 0) return sign * std::ldexp(fraction, 1 - bias);
  return sign * std::ldexp(1 + fraction, exponent - bias);
}

void check_all(Dtype dtype, int exponent_bits, int fraction_bits) {
  std::vector<std::uint16_t> bits(65536);
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::uint16_t>(i);
  std::vector<float> single(bits.size());
  std::vector<double> twice(bits.size());
  convert(bits.data(), dtype, single.data(), Dtype::kF32, 65536);
  convert(bits.data(), dtype, twice.data(), Dtype::kF64, 65536);
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const double expected = value_of(static_cast<std::uint32_t>(i), exponent_bits, fraction_bits);
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(single[i]) && std::isnan(twice[i])) << i;
    } else {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(static_cast<double>(single[i])),
                std::bit_cast<std::uint64_t>(expected))
          << i;
      EXPECT_EQ(twice[i], expected) << i;
    }
  }
}

TEST(Convert, EveryHalf) { check_all(Dtype::kF16, 5, 10); }
TEST(Convert, EveryBfloat16) { check_all(Dtype::kBF16, 8, 7); }

TEST(Convert, DoubleRoundsToNearest) {
  const std::vector<double> from{0.1, 1.0 / 3.0, -1e-50, 1e300};
  std::vector<float> to(from.size());
  convert(from.data(), Dtype::kF64, to.data(), Dtype::kF32, 4);
  EXPECT_EQ(to[0], 0.1f);
  EXPECT_EQ(to[1], 1.0f / 3.0f);
  EXPECT_EQ(to[2], 0.0f);
  EXPECT_TRUE(std::isinf(to[3]));
}

TEST(Convert, TheRestOfABlockIsDone) {
  for (const std::int64_t count : {0, 1, 31, 33, 70}) {
    const std::vector<std::uint16_t> ones(static_cast<std::size_t>(count), 0x3C00);
    std::vector<float> to(static_cast<std::size_t>(count) + 1, 7.0f);
    convert(ones.data(), Dtype::kF16, to.data(), Dtype::kF32, count);
    for (std::size_t i = 0; i < ones.size(); ++i) EXPECT_EQ(to[i], 1.0f);
    EXPECT_EQ(to.back(), 7.0f);
  }
}

}  // namespace
}  // namespace ascribo
