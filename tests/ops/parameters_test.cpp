// SPDX-License-Identifier: MIT
// What holds for the weights of every operation of the table: right gradients, float equal to
// double, and bits that do not depend on the number of threads; and values left out at random.
#include <gtest/gtest.h>

#include <cctype>
#include <cmath>

#include "ascribo/base/threads.h"
#include "ascribo/graph/tape.h"
#include "ascribo/ops/add.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/linear.h"
#include "ascribo/ops/training/dropout.h"
#include "ascribo/ops/training/spread_buckets.h"

namespace ascribo::ops {
namespace {

using Units = std::vector<SampleUnit>;

struct Entry {
  const OpDescriptor* op;
  std::size_t variant;
};

std::vector<Entry> entries() {
  std::vector<Entry> all;
  const Units units{{1, 2}};
  for (const OpDescriptor* op : operations()) {
    for (std::size_t variant = 0; variant < op->variants.size(); ++variant) {
      if (!op->sample(variant, units, Dtype::kF64).parameters.empty()) all.push_back({op, variant});
    }
  }
  return all;
}

std::string entry_name(const testing::TestParamInfo<Entry>& info) {
  std::string name = std::string(info.param.op->name) + "_";
  for (const char c : info.param.op->variants[info.param.variant]) {
    name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  }
  return name;
}

// A fixed direction to differentiate along: different for every seed and element, and nowhere
// negative, so that sums over rows are of the size of their terms.
Tensor seeds_for(const Tensor& output, std::int64_t seeds) {
  Shape shape{seeds};
  shape.insert(shape.end(), output.shape().begin(), output.shape().end());
  std::vector<double> values(static_cast<std::size_t>(numel(shape)));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(1 + std::sin(0.7 * static_cast<double>(i) + 0.3));
  }
  return Tensor::from<double>(values, shape).to(output.dtype());
}

std::vector<Variable> constants(const Sample& sample) {
  std::vector<Variable> values;
  for (const SampleInput& input : sample.inputs) values.emplace_back(input.value);
  for (const Tensor& parameter : sample.parameters) values.emplace_back(parameter);
  return values;
}

constexpr std::int64_t kSeeds = 2;

std::vector<Tensor> gradients(const Sample& sample) {
  Tape tape;
  std::vector<Variable> inputs = constants(sample), watched;
  for (std::size_t i = sample.inputs.size(); i < inputs.size(); ++i) {
    inputs[i] = tape.watch(inputs[i].value());
    watched.push_back(inputs[i]);
  }
  const Variable output = sample.apply(inputs);
  return tape.gradients(output, seeds_for(output.value(), kSeeds), watched);
}

double dot(const Tensor& a, const Tensor& b) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.numel(); ++i) sum += a.data<double>()[i] * b.data<double>()[i];
  return sum;
}

class Parameters : public testing::TestWithParam<Entry> {
 protected:
  ~Parameters() override { set_threads(0); }
  static Sample sample(const Units& units, Dtype dtype) {
    return GetParam().op->sample(GetParam().variant, units, dtype);
  }
};

TEST_P(Parameters, GradientsEqualDifferences) {
  const Sample sample = Parameters::sample({{11, 2}, {12, 0}, {13, 3}}, Dtype::kF64);
  // Inputs take gradients at the same time, and a second user adds its share to the first's.
  Tape tape;
  std::vector<Variable> inputs;
  for (const Variable& each : constants(sample)) inputs.push_back(tape.watch(each.value()));
  const Variable output = sample.apply(inputs);
  const Tensor seeds = seeds_for(output.value(), kSeeds);
  const std::span watched(inputs.begin() + static_cast<std::ptrdiff_t>(sample.inputs.size()),
                          inputs.end());
  const std::vector<Tensor> found = tape.gradients(output, seeds, watched);
  const std::vector<Tensor> twice =
      tape.gradients(add(output, sample.apply(inputs)), seeds, watched);
  for (std::size_t n = 0; n < sample.parameters.size(); ++n) {
    const std::int64_t count = sample.parameters[n].numel();
    const std::int64_t step = std::max<std::int64_t>(1, count / 31);
    for (std::int64_t i = 0; i < count; i += step) {
      constexpr double kStep = 1e-5;
      Tensor shifted[2];
      for (const int side : {0, 1}) {
        std::vector<Variable> moved = constants(sample);
        Tensor value = sample.parameters[n].clone();
        value.mutable_data<double>()[i] += side == 0 ? -kStep : kStep;
        moved[sample.inputs.size() + n] = Variable(value);
        shifted[side] = sample.apply(moved).value();
      }
      for (std::int64_t s = 0; s < kSeeds; ++s) {
        const Tensor seed = seeds.slice(s, s + 1);
        const double expected = (dot(shifted[1], seed) - dot(shifted[0], seed)) / (2 * kStep);
        const double tolerance = 1e-6 * (1 + std::abs(expected));
        ASSERT_NEAR(found[n].data<double>()[s * count + i], expected, tolerance) << n;
        ASSERT_NEAR(twice[n].data<double>()[s * count + i], 2 * expected, 2 * tolerance) << n;
      }
    }
  }
}

TEST_P(Parameters, FloatEqualsDouble) {
  for (const Units& units : std::vector<Units>{{{1, 0}}, {{1, 1}}, {{1, 31}, {2, 0}, {3, 131}}}) {
    const std::vector<Tensor> fast = gradients(sample(units, Dtype::kF32));
    const std::vector<Tensor> exact = gradients(sample(units, Dtype::kF64));
    for (std::size_t n = 0; n < fast.size(); ++n) {
      const auto found = fast[n].to_vector<double>(), expected = exact[n].to_vector<double>();
      double largest = 1e-30;
      for (const double each : expected) largest = std::max(largest, std::abs(each));
      for (std::size_t i = 0; i < found.size(); ++i) {
        ASSERT_NEAR(found[i], expected[i], 4e-6 * largest) << n << " at " << i;
      }
    }
  }
}

TEST_P(Parameters, BitsDoNotDependOnThreads) {
  const Sample sample = Parameters::sample({{1, 31}, {2, 1}, {5, 260}, {6, 47}}, Dtype::kF32);
  set_threads(1);
  const std::vector<Tensor> alone = gradients(sample);
  for (const int threads : {2, 3, 5}) {
    set_threads(threads);
    const std::vector<Tensor> together = gradients(sample);
    for (std::size_t n = 0; n < alone.size(); ++n) {
      EXPECT_EQ(together[n].to_vector<float>(), alone[n].to_vector<float>()) << threads;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Conformance, Parameters, testing::ValuesIn(entries()), entry_name);

// dW of a weight among others in a table, however it lies there: that of the weight by itself, in
// its own places.
TEST(LinearParameters, PartsOfATableGetTheirOwnGradient) {
  constexpr std::int64_t kIn = 6, kAll = 8;
  const Tensor by_rows = sample_constant(1, {kAll, kIn}, Dtype::kF64);
  const Tensor by_columns = sample_constant(2, {kIn, kAll}, Dtype::kF64);
  const Tensor bias = sample_constant(3, {kAll}, Dtype::kF64);
  const Tensor x = sample_constant(4, {7, kIn}, Dtype::kF64);
  const std::vector<StoredWeight> parts{
      {by_rows, 2, 3, 3, 1, false}, {by_rows, 1, 2, 4, 2, false}, {by_columns, 2, 4, 4, 1, true}};
  for (const StoredWeight& part : parts) {
    Tape tape;
    StoredWeight bias_part = part;
    bias_part.table = bias.reshape({kAll, 1});
    bias_part.in_first = false;
    const LinearWeight weight(part, bias_part, Dtype::kF64);
    const Variable table = tape.watch(part.table), bias_table = tape.watch(bias);
    const Variable y = linear(x, weight, Precision::kFp32, {table, bias_table});
    const Tensor seeds = seeds_for(y.value(), 1);
    const auto found = tape.gradients(y, seeds, std::vector{table, bias_table});
    for (std::int64_t at = 0; at < kAll * kIn; ++at) {
      const std::int64_t entry = part.in_first ? at % kAll : at / kIn;
      const std::int64_t in = part.in_first ? at / kAll : at % kIn;
      double expected = 0, expected_bias = 0;
      for (std::int64_t o = 0; o < part.out(); ++o) {
        if (part.first + o / part.width * part.stride + o % part.width != entry) continue;
        for (std::int64_t row = 0; row < 7; ++row) {
          const double dy = seeds.data<double>()[row * part.out() + o];
          expected += dy * x.data<double>()[row * kIn + in];
          expected_bias += dy;
        }
      }
      ASSERT_NEAR(found[0].data<double>()[at], expected, 1e-12);
      ASSERT_NEAR(found[1].data<double>()[entry], expected_bias, 1e-12);
    }
  }
}

TEST(LinearParameters, RefreshedWeightsFollowTheirTable) {
  for (const std::int64_t out : {3, 64}) {
    Tensor table = Tensor::zeros({out, 64}), bias = Tensor::zeros({out});
    LinearWeight weight(table, bias);
    const Tensor x = sample_constant(1, {2, 64}, Dtype::kF32);
    weight.pack(true);
    const Tensor other = sample_constant(2, {out, 64}, Dtype::kF32);
    std::copy_n(other.data<float>(), other.numel(), table.mutable_data<float>());
    bias.mutable_data<float>()[0] = 2;
    weight.refresh();
    EXPECT_EQ(linear(x, weight).value().to_vector<float>(),
              linear(x, LinearWeight(other, bias.clone())).value().to_vector<float>());
  }
}

TEST(SpreadBuckets, EveryHeadReadsItsColumn) {
  const Tensor table = Tensor::from<double>(std::vector<double>{1, 2, 3, 4, 5, 6}, {3, 2});
  const Variable y = spread_buckets(table, {2, 0, 2});
  EXPECT_EQ(y.value().to_vector<double>(), (std::vector<double>{5, 1, 5, 6, 2, 6}));
}

TEST(Dropout, LeavesOutTheShareAskedForAndScalesTheRest) {
  const Tensor ones = Tensor::from<double>(std::vector<double>(40000, 1.0), {400, 100});
  const auto y = dropout(ones, 0.25, {7, 3}).value().to_vector<double>();
  std::int64_t zeros = 0;
  for (const double each : y) {
    if (each == 0) {
      ++zeros;
    } else {
      ASSERT_DOUBLE_EQ(each, 1 / 0.75);
    }
  }
  EXPECT_NEAR(static_cast<double>(zeros) / 40000, 0.25, 0.01);
  EXPECT_EQ(dropout(ones, 0.25, {7, 3}).value().to_vector<double>(), y);
  EXPECT_NE(dropout(ones, 0.25, {7, 4}).value().to_vector<double>(), y);
  EXPECT_NE(dropout(ones, 0.25, {8, 3}).value().to_vector<double>(), y);
}

TEST(Dropout, GradientsPassWhereValuesDid) {
  Tape tape;
  const Variable x = tape.watch(Tensor::from<double>(std::vector<double>(50, 2.0), {5, 10}));
  const Variable y = dropout(x, 0.5, {1, 2});
  const Tensor seeds = seeds_for(y.value(), kSeeds);
  const Tensor found = tape.gradients(y, seeds, std::vector{x})[0];
  for (std::int64_t i = 0; i < found.numel(); ++i) {
    const double share = y.value().data<double>()[i % 50] / 2.0;
    ASSERT_DOUBLE_EQ(found.data<double>()[i], seeds.data<double>()[i] * share);
  }
}

TEST(Dropout, BitsDoNotDependOnThreads) {
  const Tensor x = sample_constant(1, {500, 64}, Dtype::kF32);
  set_threads(1);
  const auto alone = dropout(x, 0.1, {1, 2}).value().to_vector<float>();
  set_threads(5);
  EXPECT_EQ(dropout(x, 0.1, {1, 2}).value().to_vector<float>(), alone);
  set_threads(0);
}

}  // namespace
}  // namespace ascribo::ops
