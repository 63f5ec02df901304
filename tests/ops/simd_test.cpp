// SPDX-License-Identifier: MIT
// The vector kernels on every CPU level this machine has, against double precision.
#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/simd/activation.h"
#include "ascribo/ops/simd/adam.h"
#include "ascribo/ops/simd/bf16.h"
#include "ascribo/ops/simd/log_sum_exp.h"
#include "ascribo/ops/simd/product.h"
#include "ascribo/ops/simd/rows.h"

namespace ascribo::ops {
namespace {

class Simd : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }
};

std::vector<std::int64_t> levels() {
  std::vector<std::int64_t> found;
  for (std::int64_t all = hwy::SupportedTargets(); all != 0; all &= all - 1) {
    found.push_back(all & -all);
  }
  return found;
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double phi(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }
double density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0)); }
double gelu_tanh(double x) {
  return x * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x))) / 2;
}

// Largest |f(x) - exact(x)| / max(1, |x|) over a fine grid and the far ends.
double error(Activation function, bool derivative, double (*exact)(double)) {
  std::vector<float> x;
  for (double at = -40; at <= 40; at += 1.0 / 512) x.push_back(static_cast<float>(at) + 1e-4f);
  for (const float far : {1e4f, 3e38f, 1e-30f, 0.0f}) x.insert(x.end(), {far, -far});
  std::vector<float> y(x.size());
  EXPECT_TRUE(simd::activation(function, x.data(), static_cast<std::int64_t>(x.size()), derivative,
                               y.data()));
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double at = static_cast<double>(x[i]);
    largest = std::max(
        largest, std::abs(static_cast<double>(y[i]) - exact(at)) / std::max(1.0, std::abs(at)));
  }
  return largest;
}

TEST_P(Simd, ActivationsAreAccurate) {
  constexpr double kBound = 2.5e-7;
  using enum Activation;
  EXPECT_LT(error(kGelu, false, [](double x) { return x * phi(x); }), kBound);
  EXPECT_LT(error(kGelu, true, [](double x) { return phi(x) + x * density(x); }), kBound);
  EXPECT_LT(error(kGeluTanh, false, gelu_tanh), kBound);
  EXPECT_LT(error(kTanh, false, [](double x) { return std::tanh(x); }), kBound);
  EXPECT_LT(error(kTanh, true, [](double x) { return 1 - std::tanh(x) * std::tanh(x); }), kBound);
  EXPECT_LT(error(kSigmoid, false, logistic), kBound);
  EXPECT_LT(error(kSilu, false, [](double x) { return x * logistic(x); }), kBound);
  EXPECT_LT(error(kQuickGelu, false, [](double x) { return x * logistic(1.702 * x); }), kBound);
  EXPECT_EQ(error(kRelu, false, [](double x) { return std::max(x, 0.0); }), 0);
}

TEST_P(Simd, SmallTanhKeepsItsDigits) {
  for (float x = 1e-6f; x < 1; x *= 1.3f) {
    float y = 0;
    simd::activation(Activation::kTanh, &x, 1, false, &y);
    EXPECT_NEAR(static_cast<double>(y) / std::tanh(static_cast<double>(x)), 1, 3e-7) << x;
  }
}

TEST_P(Simd, NanStaysNan) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  using enum Activation;
  for (const Activation function : {kRelu, kGelu, kGeluTanh, kQuickGelu, kSilu, kTanh, kSigmoid}) {
    float y = 0;
    simd::activation(function, &nan, 1, false, &y);
    EXPECT_TRUE(std::isnan(y)) << static_cast<int>(function);
  }
}

std::vector<float> values(std::uint64_t role, std::int64_t count) {
  return sample_constant(role, {count}, Dtype::kF32, 2.0).to_vector<float>();
}

TEST_P(Simd, ProductsOfAnySize) {
  for (const std::int64_t m : {1, 5, 6, 8, 13, 33}) {
    for (const std::int64_t n : {1, 4, 16, 17, 31, 64, 97}) {
      const std::int64_t k = m + n, row = simd::padded(n);
      const auto a = values(1, m * k), b = values(2, k * row), before = values(3, m * n);
      std::vector<float> c = before;
      simd::product({.m = m,
                     .n = n,
                     .k = k,
                     .a = a.data(),
                     .a_row = 1,
                     .a_col = m,
                     .b = b.data(),
                     .b_row = row,
                     .c = c.data(),
                     .c_row = n,
                     .accumulate = true});
      for (std::int64_t i = 0; i < m; ++i) {
        for (std::int64_t j = 0; j < n; ++j) {
          double sum = 0;
          const auto at = [](const std::vector<float>& v, std::int64_t index) {
            return static_cast<double>(v[static_cast<std::size_t>(index)]);
          };
          for (std::int64_t p = 0; p < k; ++p) sum += at(a, p * m + i) * at(b, p * row + j);
          ASSERT_NEAR(at(c, i * n + j), at(before, i * n + j) + sum, 1e-4);
        }
      }
    }
  }
}

TEST_P(Simd, TransposesAreFilledWithZeros) {
  for (const std::int64_t rows : {0, 1, 31, 32}) {
    for (const std::int64_t cols : {1, 4, 7, 64}) {
      const std::int64_t stride = cols + 3, width = simd::padded(rows);
      const auto from = values(1, std::max<std::int64_t>(1, rows * stride));
      std::vector<float> to(static_cast<std::size_t>(cols * width), 9.0f);
      simd::transpose(from.data(), stride, rows, cols, to.data(), width);
      for (std::int64_t at = 0; at < cols * width; ++at) {
        const std::int64_t row = at % width, col = at / width;
        const auto source = static_cast<std::size_t>(row * stride + col);
        ASSERT_EQ(to[static_cast<std::size_t>(at)], row < rows ? from[source] : 0.0f);
      }
    }
  }
}

TEST_P(Simd, SoftmaxWithHiddenKeys) {
  constexpr std::int64_t kCount = 48;
  const auto scores = values(1, kCount);
  std::vector<float> mask(kCount, 0.0f), probs(kCount);
  for (std::size_t i = 31; i < mask.size(); ++i) mask[i] = -std::numeric_limits<float>::infinity();
  simd::softmax_row(scores.data(), mask.data(), 3.0f, kCount, probs.data());
  double sum = 0;
  for (std::size_t i = 0; i < 31; ++i) sum += std::exp(3.0 * static_cast<double>(scores[i]));
  for (std::size_t i = 0; i < probs.size(); ++i) {
    const double expected = i < 31 ? std::exp(3.0 * static_cast<double>(scores[i])) / sum : 0.0;
    EXPECT_NEAR(static_cast<double>(probs[i]), expected, 2e-7);
  }
  std::fill(mask.begin(), mask.end(), -std::numeric_limits<float>::infinity());
  simd::softmax_row(scores.data(), mask.data(), 3.0f, kCount, probs.data());
  EXPECT_EQ(probs, std::vector<float>(kCount, 0.0f));
}

TEST_P(Simd, LayerNormOfOddLengths) {
  for (const std::int64_t n : {1, 3, 16, 37, 768}) {
    const auto x = values(1, n), residual = values(2, n), gamma = values(3, n), beta = values(4, n);
    std::vector<float> y(x.size()), normalized(x.size());
    float inverse = 0;
    simd::layer_norm_row(x.data(), residual.data(), gamma.data(), beta.data(), 1e-5f, n, y.data(),
                         normalized.data(), &inverse);
    double mean = 0, variance = 0;
    const auto sum = [&](std::size_t i) {
      return static_cast<double>(x[i]) + static_cast<double>(residual[i]);
    };
    for (std::size_t i = 0; i < x.size(); ++i) mean += sum(i) / static_cast<double>(n);
    for (std::size_t i = 0; i < x.size(); ++i) {
      variance += (sum(i) - mean) * (sum(i) - mean) / static_cast<double>(n);
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double normal = (sum(i) - mean) / std::sqrt(variance + 1e-5);
      ASSERT_NEAR(static_cast<double>(normalized[i]), normal, 2e-6);
      ASSERT_NEAR(static_cast<double>(y[i]),
                  normal * static_cast<double>(gamma[i]) + static_cast<double>(beta[i]), 5e-6);
    }
  }
}

TEST_P(Simd, RmsNormOfOddLengths) {
  for (const std::int64_t n : {1, 3, 16, 37, 768}) {
    const auto x = values(1, n), gamma = values(2, n);
    std::vector<float> y(x.size());
    float inverse = 0;
    simd::rms_norm_row(x.data(), gamma.data(), 1e-5f, n, y.data(), &inverse);
    double squares = 0;
    for (const float each : x) squares += static_cast<double>(each) * static_cast<double>(each);
    const double expected = 1 / std::sqrt(squares / static_cast<double>(n) + 1e-5);
    ASSERT_NEAR(static_cast<double>(inverse), expected, 1e-6 * expected);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double normal = static_cast<double>(x[i]) * expected;
      ASSERT_NEAR(static_cast<double>(y[i]), normal * static_cast<double>(gamma[i]), 2e-6);
    }
  }
}

TEST_P(Simd, AdamStepsOfOddLengths) {
  const simd::AdamFactors f{.beta1 = 0.9f,
                            .rest1 = 0.1f,
                            .beta2 = 0.999f,
                            .rest2 = 0.001f,
                            .scale = 0.5f,
                            .step_size = 0.01f,
                            .square_root = 1.5f,
                            .epsilon = 1e-8f,
                            .kept = 0.99f};
  for (const std::int64_t n : {1, 15, 16, 37, 384}) {
    const auto g = values(1, n), w = values(2, n), m = values(3, n);
    auto v = values(4, n);
    for (float& each : v) each *= each;
    std::vector<float> weights = w, means = m, squares = v;
    simd::adam(f, g.data(), n, weights.data(), means.data(), squares.data());
    for (std::size_t i = 0; i < g.size(); ++i) {
      const double slope = 0.5 * static_cast<double>(g[i]);
      const double mean = 0.9 * static_cast<double>(m[i]) + 0.1 * slope;
      const double square = 0.999 * static_cast<double>(v[i]) + 0.001 * slope * slope;
      ASSERT_NEAR(static_cast<double>(means[i]), mean, 1e-6);
      ASSERT_NEAR(static_cast<double>(squares[i]), square, 1e-6);
      ASSERT_NEAR(static_cast<double>(weights[i]),
                  0.99 * static_cast<double>(w[i]) - 0.01 * mean / (1.5 * std::sqrt(square) + 1e-8),
                  2e-6);
    }
  }
}

TEST_P(Simd, SquaresAddUpInDoublePrecision) {
  for (const std::int64_t n : {0, 1, 16, 37, 4096}) {
    const auto x = values(1, n);
    double expected = 0;
    for (const float each : x) expected += static_cast<double>(each) * static_cast<double>(each);
    EXPECT_NEAR(simd::sum_of_squares(x.data(), n), expected, 1e-12 * expected) << n;
    EXPECT_EQ(simd::all_zero(x.data(), n), n == 0);
    std::vector<float> zeros(x.size()), scaled = x;
    EXPECT_TRUE(simd::all_zero(zeros.data(), n));
    if (n > 0) zeros.back() = 1e-40f;
    EXPECT_EQ(simd::all_zero(zeros.data(), n), n == 0);
    simd::scale(0.5f, n, scaled.data());
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_EQ(scaled[i], x[i] / 2);
  }
}

TEST_P(Simd, ValueAndSlopeTogetherHaveTheBitsOfEach) {
  using enum Activation;
  for (const std::int64_t n : {1, 16, 37}) {
    for (const Activation function : {kRelu, kGelu, kGeluTanh, kQuickGelu, kSilu, kTanh}) {
      auto x = values(1, n);
      for (float& each : x) each *= 5;
      std::vector<float> value(x.size()), slope(x.size()), together(x.size());
      simd::activation(function, x.data(), n, false, value.data());
      simd::activation(function, x.data(), n, true, slope.data());
      EXPECT_TRUE(simd::activation_with_slope(function, x.data(), n, together.data()));
      EXPECT_EQ(x, value);
      EXPECT_EQ(together, slope);
    }
  }
  EXPECT_FALSE(simd::activation_with_slope(kMish, nullptr, 0, nullptr));
}

TEST_P(Simd, FactorsInBf16) {
  const auto a = values(1, 37);
  auto y = values(2, 37);
  std::vector<std::uint16_t> halves(37);
  simd::round_to_bf16(a.data(), 37, halves.data());
  const auto before = y;
  simd::multiply_bf16(halves.data(), 37, y.data());
  for (std::size_t i = 0; i < y.size(); ++i) {
    EXPECT_EQ(y[i], before[i] * std::bit_cast<float>(std::uint32_t{halves[i]} << 16));
  }
}

// A vocabulary's worth of logits, beside the compiler's widest numbers.
TEST_P(Simd, LogarithmsOfSumsOfExponentials) {
  for (const std::int64_t n : {1, 2, 7, 8, 9, 1000, 50257}) {
    for (const double offset : {0.0, 800.0, -800.0}) {
      const auto single = values(3, n);
      std::vector<double> z(single.begin(), single.end());
      for (double& each : z) each = 20 * each + offset;
      z.front() = n > 1 ? -HUGE_VAL : z.front();
      const double top = *std::max_element(z.begin(), z.end());
      long double sum = 0;
      for (const double each : z) sum += std::exp(static_cast<long double>(each - top));
      const double expected = top + static_cast<double>(std::log(sum));
      EXPECT_NEAR(simd::log_sum_exp(z.data(), n), expected, 4e-16 * std::abs(expected) + 1e-15);
      std::vector<double> y(z.size(), 0.5);
      simd::add_exponentials(z.data(), n, expected, -2, y.data());
      for (std::size_t i = 0; i < z.size(); ++i) {
        EXPECT_NEAR(y[i], 0.5 - 2 * std::exp(z[i] - expected), 1e-15);
      }
    }
  }
}

TEST_P(Simd, SumsOfWhatIsNoNumberAreNone) {
  for (const double odd : {HUGE_VAL, std::nan("")}) {
    for (const std::size_t at : {0, 5, 9}) {
      std::vector<double> z(10, 1.0);
      z[at] = odd;
      EXPECT_TRUE(std::isnan(simd::log_sum_exp(z.data(), 10)));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, Simd, testing::ValuesIn(levels()), [](const auto& info) {
  std::string name = hwy::TargetName(info.param);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); },
      '_');
  return name;
});

}  // namespace
}  // namespace ascribo::ops
