// SPDX-License-Identifier: MIT
// Products whose weights are parts of tables, forward and backward, against plain sums in double.
#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/graph/tape.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/linear.h"

namespace ascribo {
namespace {

constexpr std::int64_t kRows = 19, kSeeds = 2;

/// A weight `[width * stretches, in]` within a table of `all` rows, or columns with in_first.
struct Part {
  const char* name;
  std::int64_t in, all, first, width, stride, stretches;
  bool in_first;

  friend std::ostream& operator<<(std::ostream& out, const Part& part) { return out << part.name; }
};

/// Deterministic values in (-2, 2) that `dtype` holds.
Tensor stored(std::uint64_t role, const Shape& shape, Dtype dtype) {
  Tensor plain = ops::sample_constant(role, shape, Dtype::kF32);
  if (dtype == Dtype::kF32) return plain;
  auto bits = std::make_shared<std::vector<std::uint16_t>>();
  for (const float value : plain.to_vector<float>()) {
    // 1.0 is 0x3C00 in F16 and 0x3F80 in BF16; what follows it counts up to 2.0.
    const int count = static_cast<int>(std::abs(value) * (dtype == Dtype::kF16 ? 1023 : 127));
    const int one = dtype == Dtype::kF16 ? 0x3C00 : 0x3F80;
    bits->push_back(static_cast<std::uint16_t>((value < 0 ? 0x8000 : 0) | (one + count)));
  }
  return Tensor::borrow(bits->data(), shape, dtype, bits);
}

class LinearPart : public testing::TestWithParam<std::tuple<Part, Dtype>> {
 protected:
  Part part = std::get<0>(GetParam());
  Dtype dtype = std::get<1>(GetParam());
  std::int64_t out = part.width * part.stretches;
  Tensor table =
      stored(1, part.in_first ? Shape{part.in, part.all} : Shape{part.all, part.in}, dtype);
  Tensor bias = stored(2, {out}, dtype);
  std::vector<double> entries = table.to_vector<double>();

  LinearWeight weight(bool with_bias, Dtype compute) const {
    const StoredWeight where{table,       part.first,     part.width,
                             part.stride, part.stretches, part.in_first};
    return {where, with_bias ? bias : Tensor(), compute};
  }
  /// Entry (o, i) of the weight, by the words of StoredWeight's description.
  double entry(std::int64_t o, std::int64_t i) const {
    const std::int64_t place = part.first + (o / part.width) * part.stride + o % part.width;
    const std::int64_t at = part.in_first ? i * part.all + place : place * part.in + i;
    return entries.at(static_cast<std::size_t>(at));
  }
};

/// The largest difference, as a share of the largest magnitude.
double error(const Tensor& found, const std::vector<double>& expected) {
  const std::vector<double> values = found.to_vector<double>();
  EXPECT_EQ(values.size(), expected.size());
  double difference = 0, magnitude = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    difference = std::max(difference, std::abs(values[i] - expected[i]));
    magnitude = std::max(magnitude, std::abs(expected[i]));
  }
  return difference / magnitude;
}

double tolerance(Dtype compute) { return compute == Dtype::kF32 ? 1e-6 : 1e-14; }

TEST_P(LinearPart, Forward) {
  for (const Dtype compute : {Dtype::kF32, Dtype::kF64}) {
    const Tensor x = ops::sample_constant(3, {kRows, part.in}, compute);
    const std::vector<double> from = x.to_vector<double>(), added = bias.to_vector<double>();
    for (const bool with_bias : {false, true}) {
      std::vector<double> expected;
      for (std::int64_t row = 0; row < kRows; ++row) {
        for (std::int64_t o = 0; o < out; ++o) {
          double sum = with_bias ? added[static_cast<std::size_t>(o)] : 0;
          for (std::int64_t i = 0; i < part.in; ++i) {
            sum += from[static_cast<std::size_t>(row * part.in + i)] * entry(o, i);
          }
          expected.push_back(sum);
        }
      }
      EXPECT_LT(error(ops::linear(x, weight(with_bias, compute)).value(), expected),
                tolerance(compute));
    }
  }
}

TEST_P(LinearPart, Backward) {
  for (const Dtype compute : {Dtype::kF32, Dtype::kF64}) {
    Tape tape;
    const Variable x = tape.watch(ops::sample_constant(3, {kRows, part.in}, compute));
    const Tensor seeds = ops::sample_constant(4, {kSeeds, kRows, out}, compute);
    const Tensor gradient =
        tape.gradients(ops::linear(x, weight(true, compute)), seeds, std::vector{x})[0];
    const std::vector<double> dy = seeds.to_vector<double>();
    std::vector<double> expected;
    for (std::int64_t row = 0; row < kSeeds * kRows; ++row) {
      for (std::int64_t i = 0; i < part.in; ++i) {
        double sum = 0;
        for (std::int64_t o = 0; o < out; ++o) {
          sum += dy[static_cast<std::size_t>(row * out + o)] * entry(o, i);
        }
        expected.push_back(sum);
      }
    }
    EXPECT_LT(error(gradient, expected), tolerance(compute));
  }
}

// Narrow ones go through our own kernel, the others through oneDNN's.
INSTANTIATE_TEST_SUITE_P(
    Parts, LinearPart,
    testing::Combine(testing::Values(Part{"rows", 96, 240, 80, 80, 80, 1, false},
                                     Part{"narrow_rows", 24, 72, 48, 24, 24, 1, false},
                                     Part{"rows_by_head", 96, 288, 24, 24, 72, 4, false},
                                     Part{"narrow_rows_by_head", 20, 60, 10, 5, 15, 4, false},
                                     Part{"columns", 96, 240, 160, 80, 80, 1, true},
                                     Part{"narrow_columns", 24, 72, 24, 24, 24, 1, true},
                                     Part{"all_columns", 70, 130, 0, 130, 130, 1, true},
                                     Part{"columns_by_head", 80, 288, 48, 24, 72, 4, true},
                                     Part{"narrow_columns_by_head", 20, 60, 5, 5, 15, 4, true}),
                     testing::Values(Dtype::kF32, Dtype::kF16, Dtype::kBF16)),
    [](const auto& info) {
      return std::string(std::get<0>(info.param).name) + "_" +
             std::string(dtype_name(std::get<1>(info.param)));
    });

}  // namespace
}  // namespace ascribo
