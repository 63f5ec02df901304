// SPDX-License-Identifier: MIT
// Products at the sizes of real models: rows by themselves, in any number, from any weight type.
#include "ascribo/ops/linear.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <thread>

#include "ascribo/base/threads.h"
#include "ascribo/graph/tape.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/simd/bf16.h"
#include "ascribo/ops/vocabulary/linear_at.h"
#include "tests/ops/rounded.h"

namespace ascribo {
namespace {

// Deterministic values in (-1, 1).
Tensor values(std::uint64_t role, const Shape& shape) {
  return ops::sample_constant(role, shape, Dtype::kF32);
}

struct Size {
  std::int64_t in, out;

  friend std::ostream& operator<<(std::ostream& out, const Size& size) {
    return out << size.in << " to " << size.out;
  }
};

class Linear : public testing::TestWithParam<Size> {
 protected:
  ~Linear() override { set_threads(0); }
};

TEST_P(Linear, ARowsBitsDoNotDependOnTheOthers) {
  const auto [in, out] = GetParam();
  const LinearWeight weight(values(1, {out, in}), values(2, {out}));
  const Tensor x = values(3, {517, in});
  set_threads(2);
  const Tensor all = ops::linear(x, weight).value();
  for (const int threads : {1, 2}) {
    set_threads(threads);
    for (const std::int64_t rows : {1, 2, 15, 16, 17, 31, 63, 64, 65, 100, 127, 128, 129, 256}) {
      for (const std::int64_t first : {std::int64_t{0}, std::int64_t{7}, 517 - rows}) {
        const Tensor part = ops::linear(x.slice(first, first + rows), weight).value();
        ASSERT_EQ(std::memcmp(part.raw(), all.slice(first, first + rows).raw(), part.bytes()), 0)
            << rows << " rows from " << first << ", " << threads << " threads";
      }
    }
  }
}

TEST_P(Linear, AnActivationInOnePassHasTheBitsOfTwo) {
  const auto [in, out] = GetParam();
  const LinearWeight weight(values(1, {out, in}), values(2, {out}));
  std::vector<Precision> precisions{Precision::kFp32};
  if (ops::has_bf16_products()) {
    precisions.insert(precisions.end(), {Precision::kBf16, Precision::kBf16x3});
  }
  for (const Precision precision : precisions) {
    for (const Activation function : {Activation::kGelu, Activation::kMish}) {
      for (const std::int64_t rows : {1, 7, 8, 65, 300}) {
        const Tensor x = values(3, {rows, in});
        const Tensor two = ops::activation(ops::linear(x, weight, precision), function).value();
        const Tensor one = ops::linear_activation(x, weight, function, precision).value();
        ASSERT_EQ(std::memcmp(one.raw(), two.raw(), one.bytes()), 0) << rows << " rows";
      }
    }
  }
}

TEST_P(Linear, AnActivationInOnePassHasItsGradients) {
  const std::int64_t in = GetParam().in, out = GetParam().out;
  const LinearWeight weight(values(1, {out, in}), values(2, {out}));
  const auto gradient = [&](bool one_pass) {
    Tape tape;
    const Variable x = tape.watch(values(3, {9, in}));
    const Variable y = one_pass ? ops::linear_activation(x, weight, Activation::kGelu)
                                : ops::activation(ops::linear(x, weight), Activation::kGelu);
    return tape.gradients(y, values(4, {1, 9, out}), std::vector{x})[0].to_vector<float>();
  };
  EXPECT_EQ(gradient(true), gradient(false));
}

TEST_P(Linear, SomeOutputsHaveTheBitsOfAll) {
  const auto [in, out] = GetParam();
  const LinearWeight weight(values(1, {out, in}), values(2, {out}));
  const std::vector<std::int64_t> outputs = {0, out / 3, out - 1};
  for (const std::int64_t rows : {1, 9, 70}) {
    const Tensor x = values(3, {rows, in});
    Tensor seeds = Tensor::zeros({2, rows, out});
    for (std::int64_t i = 0; i < 2 * rows; ++i) {
      seeds.mutable_data<float>()[i * out + outputs[static_cast<std::size_t>(i % 3)]] = 1.5f;
    }
    Tape all_tape, some_tape;
    const Variable all_x = all_tape.watch(x), some_x = some_tape.watch(x);
    const Variable all = ops::linear(all_x, weight);
    const Variable some = ops::linear_at(some_x, weight, outputs);
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t o = 0; o < out; ++o) {
        const std::int64_t at = row * out + o;
        const bool is_chosen = std::find(outputs.begin(), outputs.end(), o) != outputs.end();
        ASSERT_EQ(some.value().data<float>()[at], is_chosen ? all.value().data<float>()[at] : 0);
      }
    }
    EXPECT_EQ(some_tape.gradients(some, seeds, std::vector{some_x})[0].to_vector<float>(),
              all_tape.gradients(all, seeds, std::vector{all_x})[0].to_vector<float>());
  }
}

TEST_P(Linear, GradientBitsDoNotDependOnTheOthers) {
  const auto [in, out] = GetParam();
  const LinearWeight weight(values(1, {out, in}), Tensor());
  const Tensor x = values(3, {203, in});
  const Tensor seeds = values(4, {2, 203, out});
  Tape tape;
  const Variable input = tape.watch(x);
  const Tensor all = tape.gradients(ops::linear(input, weight), seeds, std::vector{input})[0];
  for (const std::int64_t rows : {1, 31, 130}) {
    const Tensor own_seeds = seeds.slice(1, 2).reshape({203, out}).slice(40, 40 + rows);
    const Variable part = tape.watch(x.slice(40, 40 + rows));
    const Tensor gradient = tape.gradients(ops::linear(part, weight),
                                           own_seeds.reshape({1, rows, out}), std::vector{part})[0];
    const Tensor expected = all.slice(1, 2).reshape({203, in}).slice(40, 40 + rows);
    EXPECT_EQ(std::memcmp(gradient.raw(), expected.raw(), gradient.bytes()), 0) << rows;
  }
}

INSTANTIATE_TEST_SUITE_P(Linear, Linear,
                         testing::Values(Size{768, 768}, Size{768, 3072}, Size{3072, 768},
                                         Size{384, 384}, Size{384, 1536}, Size{1536, 384},
                                         Size{256, 1024}, Size{128, 256}, Size{64, 100},
                                         Size{97, 451}, Size{768, 3}, Size{5, 768}),
                         [](const auto& info) {
                           return std::to_string(info.param.in) + "_" +
                                  std::to_string(info.param.out);
                         });

TEST(LinearWeightTypes, StoredHalvesGiveTheProductOfTheirValues) {
  // 0x3C00 is 1 and 0xC000 is -2 in F16; 0x3F80 is 1 and 0xC000 is -2 in BF16.
  for (const auto& [dtype, one] : {std::pair{Dtype::kF16, 0x3C00}, {Dtype::kBF16, 0x3F80}}) {
    constexpr std::int64_t kSize = 80;
    auto stored = std::make_shared<std::vector<std::uint16_t>>(kSize * kSize);
    std::vector<float> plain(kSize * kSize);
    for (std::size_t i = 0; i < stored->size(); ++i) {
      (*stored)[i] = static_cast<std::uint16_t>(i % 3 == 0 ? one : 0xC000);
      plain[i] = i % 3 == 0 ? 1.0f : -2.0f;
    }
    const LinearWeight half(Tensor::borrow(stored->data(), {kSize, kSize}, dtype, stored),
                            Tensor::borrow(stored->data(), {kSize}, dtype, stored));
    const LinearWeight whole(Tensor::from<float>(plain, {kSize, kSize}),
                             Tensor::from<float>(std::span(plain).first(kSize), {kSize}));
    const Tensor x = values(5, {9, kSize});
    EXPECT_EQ(ops::linear(x, half).value().to_vector<float>(),
              ops::linear(x, whole).value().to_vector<float>());
  }
}

TEST(LinearWeightTypes, MayBeUsedByManyThreadsFromTheStart) {
  const LinearWeight weight(values(1, {512, 512}), values(2, {512}));
  const Tensor x = values(3, {64, 512});
  std::vector<std::vector<float>> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results) {
    threads.emplace_back(
        [&] { result = ops::linear(x, weight).value().template to_vector<float>(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& result : results) EXPECT_EQ(result, results[0]);
}

// Rounded to nearest, ties to even; a NaN stays one and infinity is not passed by.
TEST(RoundToBf16, IsThatOfTheStandard) {
  const float inf = std::numeric_limits<float>::infinity();
  const std::vector<float> from = {
      1.0f,        1.00390625f, 1.01171875f,   -1.0f, 3.0e38f, 3.4e38f, inf,      -inf, 0.0f,
      1.00390637f, 1e-40f,      std::nanf(""), 2.0f,  0.1f,    -0.1f,   65537.0f, 7.0f};
  std::vector<std::uint16_t> to(from.size());
  ops::simd::round_to_bf16(from.data(), static_cast<std::int64_t>(from.size()), to.data());
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::uint32_t bits = std::uint32_t{to[i]} << 16;
    float back;
    std::memcpy(&back, &bits, sizeof back);
    if (std::isnan(from[i])) {
      EXPECT_TRUE(std::isnan(back));
    } else if (std::isinf(from[i]) || std::isinf(back)) {
      EXPECT_EQ(back > 0, from[i] > 0);
      EXPECT_TRUE(std::abs(from[i]) > 3.39e38f) << from[i];
    } else {
      EXPECT_NEAR(back, from[i], std::abs(from[i]) / 256 + 1e-40) << from[i];
    }
  }
  EXPECT_EQ(to[1], 0x3F80);  // half way between 1 and 1 + 2^-7: to the even one
  EXPECT_EQ(to[2], 0x3F82);  // half way between 1 + 2^-7 and 1 + 2^-6
  EXPECT_EQ(to[9], 0x3F81);  // a little more than half way
}

TEST(SplitToBf16, TheTwoPartsAddUp) {
  const std::vector<float> from = {0.0f,        1.0f,         -1.0f / 3.0f, 1e-20f,    3.0e38f,
                                   123456.789f, -2e-38f,      1e-45f,       HUGE_VALF, -HUGE_VALF,
                                   3.4e38f,     0.1f,         1.5f,         2.5f,      -7.7f,
                                   1e10f,       std::nanf("")};
  std::vector<std::uint16_t> high(from.size()), low(from.size());
  ops::simd::split_to_bf16(from.data(), std::ssize(from), high.data(), low.data());
  const auto whole = [](std::uint16_t half) {
    return std::bit_cast<float>(std::uint32_t{half} << 16);
  };
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double sum = static_cast<double>(whole(high[i])) + whole(low[i]);
    if (std::isnan(from[i])) {
      EXPECT_TRUE(std::isnan(sum));
    } else if (std::isinf(whole(high[i]))) {
      EXPECT_EQ(low[i], 0);
    } else {
      EXPECT_NEAR(sum, from[i], std::abs(from[i]) / 65536 + 1e-40) << from[i];
    }
  }
}

// Factors are rounded, sums are not: what is left of the difference is that of the factors.
class Bf16Linear : public testing::TestWithParam<Size> {
 protected:
  void SetUp() override {
    if (!ops::has_bf16_products()) GTEST_SKIP() << "this CPU does not multiply bf16";
  }
};

Tensor rounded(const Tensor& x) { return Tensor::from<double>(test::rounded_values(x), x.shape()); }

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<double> x = a.to_vector<double>(), y = b.to_vector<double>();
  double most = 0;
  for (std::size_t i = 0; i < x.size(); ++i) most = std::max(most, std::abs(x[i] - y[i]));
  return most;
}

TEST_P(Bf16Linear, IsTheProductOfRoundedFactorsInDoublePrecision) {
  const auto [in, out] = GetParam();
  const Tensor w = values(1, {out, in}), bias = values(2, {out});
  const LinearWeight weight(w, bias), exact(rounded(w), bias, Dtype::kF64);
  for (const std::int64_t rows : {1, 31, 32, 77, 300}) {
    const Tensor x = values(3, {rows, in}), seeds = values(4, {1, rows, out});
    Tape tape, exact_tape;
    const Variable input = tape.watch(x), exact_input = exact_tape.watch(rounded(x));
    const Variable y = ops::linear(input, weight, Precision::kBf16);
    const Variable expected = ops::linear(exact_input, exact);
    EXPECT_LT(largest_difference(y.value(), expected.value()), 1e-4) << rows;
    const Tensor gradient = tape.gradients(y, seeds, std::vector{input})[0];
    const Tensor wanted = exact_tape.gradients(expected, rounded(seeds).reshape(seeds.shape()),
                                               std::vector{exact_input})[0];
    EXPECT_LT(largest_difference(gradient, wanted), 1e-4) << rows;
  }
}

// What is lost of a factor is 2^-17 of it at the most, and so is what is left out of a product.
TEST_P(Bf16Linear, InTwoPartsIsNearTheExactProduct) {
  const auto [in, out] = GetParam();
  const Tensor w = values(1, {out, in}), bias = values(2, {out});
  const LinearWeight weight(w, bias), exact(w.to(Dtype::kF64), bias, Dtype::kF64);
  for (const std::int64_t rows : {1, 31, 32, 77, 300}) {
    const Tensor x = values(3, {rows, in}), seeds = values(4, {1, rows, out});
    Tape tape, exact_tape;
    const Variable input = tape.watch(x), exact_input = exact_tape.watch(x.to(Dtype::kF64));
    const Variable y = ops::linear(input, weight, Precision::kBf16x3);
    const Variable expected = ops::linear(exact_input, exact);
    const double scale = std::sqrt(static_cast<double>(std::max(in, out)));
    EXPECT_LT(largest_difference(y.value(), expected.value()), 2e-5 * scale) << rows;
    const Tensor gradient = tape.gradients(y, seeds, std::vector{input})[0];
    const Tensor wanted =
        exact_tape.gradients(expected, seeds.to(Dtype::kF64), std::vector{exact_input})[0];
    EXPECT_LT(largest_difference(gradient, wanted), 2e-5 * scale) << rows;
  }
}

INSTANTIATE_TEST_SUITE_P(Bf16Linear, Bf16Linear,
                         testing::Values(Size{768, 768}, Size{384, 1536}, Size{64, 100},
                                         Size{1700, 96}),
                         [](const auto& info) {
                           return std::to_string(info.param.in) + "_" +
                                  std::to_string(info.param.out);
                         });

}  // namespace
}  // namespace ascribo
