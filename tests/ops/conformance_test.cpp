// SPDX-License-Identifier: MIT
// What holds for every operation of the table: right gradients, float equal to double, and bits
// that depend neither on the batch, nor on its order, nor on the number of threads.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>
#include <limits>

#include "ascribo/base/threads.h"
#include "ascribo/graph/tape.h"
#include "ascribo/ops/add.h"
#include "ascribo/ops/descriptor.h"

namespace ascribo::ops {
namespace {

using Units = std::vector<SampleUnit>;

struct Entry {
  const OpDescriptor* op;
  std::size_t variant;

  friend std::ostream& operator<<(std::ostream& out, const Entry& entry) {
    return out << entry.op->name << ' ' << entry.op->variants[entry.variant];
  }
};

std::vector<Entry> entries() {
  std::vector<Entry> all;
  for (const OpDescriptor* op : operations()) {
    for (std::size_t variant = 0; variant < op->variants.size(); ++variant) {
      all.push_back({op, variant});
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

// A fixed direction to differentiate along: different for every seed and element.
Tensor seeds_for(const Tensor& output, std::int64_t seeds) {
  Shape shape{seeds};
  shape.insert(shape.end(), output.shape().begin(), output.shape().end());
  std::vector<double> values(static_cast<std::size_t>(numel(shape)));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(std::sin(0.7 * static_cast<double>(i) + 0.3));
  }
  return Tensor::from<double>(values, shape).to(output.dtype());
}

// Seeds that do not depend on the batch: element i of a unit's output has the same value anywhere.
Tensor unit_seeds(const Tensor& output, std::int64_t seeds, const Units& units,
                  const std::vector<std::int64_t>& sizes) {
  Shape shape{seeds};
  shape.insert(shape.end(), output.shape().begin(), output.shape().end());
  std::vector<double> values;
  for (std::int64_t seed = 0; seed < seeds; ++seed) {
    for (std::size_t u = 0; u < units.size(); ++u) {
      for (std::int64_t i = 0; i < sizes[u]; ++i) {
        const double phase = static_cast<double>(units[u].key) + static_cast<double>(seed);
        values.push_back(static_cast<float>(std::sin(0.7 * static_cast<double>(i) + phase)));
      }
    }
  }
  return Tensor::from<double>(values, shape).to(output.dtype());
}

struct Result {
  Tensor output;
  std::vector<Tensor> gradients;  // by input, `[seeds, ...]`
};

constexpr std::int64_t kSeeds = 2;

Result run(const Entry& entry, const Units& units, Dtype dtype) {
  const Sample sample = entry.op->sample(entry.variant, units, dtype);
  Tape tape;
  std::vector<Variable> inputs;
  for (const SampleInput& input : sample.inputs) inputs.push_back(tape.watch(input.value));
  const Variable output = sample.apply(inputs);
  const Tensor seeds = unit_seeds(output.value(), kSeeds, units, sample.output_sizes);
  return {output.value(), tape.gradients(output, seeds, inputs)};
}

class Operation : public testing::TestWithParam<Entry> {
 protected:
  ~Operation() override { set_threads(0); }
};

double dot(const Tensor& a, const Tensor& b) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.numel(); ++i) sum += a.data<double>()[i] * b.data<double>()[i];
  return sum;
}

double largest(const std::vector<double>& values) {
  double size = 0;
  for (const double value : values) size = std::max(size, std::abs(value));
  return size;
}

void expect_close(const Tensor& fast, const Tensor& exact, const std::string& what) {
  ASSERT_EQ(fast.shape(), exact.shape()) << what;
  const auto actual = fast.to_vector<double>();
  const auto expected = exact.to_vector<double>();
  const double tolerance = 4e-6 * largest(expected) + 1e-30;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual[i], expected[i], tolerance) << what << " at " << i;
  }
}

TEST_P(Operation, GradientsEqualDifferences) {
  const Units units{{11, 2}, {12, 0}, {13, 3}};
  Sample sample = GetParam().op->sample(GetParam().variant, units, Dtype::kF64);
  Tape tape;
  std::vector<Variable> inputs;
  for (const SampleInput& input : sample.inputs) inputs.push_back(tape.watch(input.value));
  const Variable output = sample.apply(inputs);
  constexpr std::int64_t kDirections = 3;
  const Tensor seeds = seeds_for(output.value(), kDirections);
  const std::vector<Tensor> gradients = tape.gradients(output, seeds, inputs);
  // The second user of the same inputs adds its share to what the first left.
  const Variable twice = add(output, sample.apply(inputs));
  const std::vector<Tensor> doubled = tape.gradients(twice, seeds, inputs);

  for (std::size_t n = 0; n < sample.inputs.size(); ++n) {
    const std::int64_t count = sample.inputs[n].value.numel();
    const std::int64_t step = std::max<std::int64_t>(1, count / 97);  // a sample of large inputs
    for (std::int64_t i = 0; i < count; i += step) {
      constexpr double kStep = 1e-5;
      Tensor shifted[2];
      for (const int side : {0, 1}) {
        std::vector<Variable> moved;
        for (const SampleInput& input : sample.inputs) moved.emplace_back(input.value);
        Tensor value = sample.inputs[n].value.clone();
        value.mutable_data<double>()[i] += side == 0 ? -kStep : kStep;
        moved[n] = Variable(value);
        shifted[side] = sample.apply(moved).value();
      }
      for (std::int64_t s = 0; s < kDirections; ++s) {
        const Tensor seed = seeds.slice(s, s + 1);
        const double expected = (dot(shifted[1], seed) - dot(shifted[0], seed)) / (2 * kStep);
        const double tolerance = 1e-6 * (1 + std::abs(expected));
        ASSERT_NEAR(gradients[n].data<double>()[s * count + i], expected, tolerance);
        ASSERT_NEAR(doubled[n].data<double>()[s * count + i], 2 * expected, 2 * tolerance);
      }
    }
  }
}

TEST_P(Operation, FloatEqualsDouble) {
  const std::vector<Units> batches{{},
                                   {{1, 0}},
                                   {{1, 1}},
                                   {{1, 17}},
                                   {{1, 31}, {2, 0}, {3, 1}},
                                   {{1, 7}, {2, 13}, {3, 131}},
                                   {{1, 300}, {2, 2}}};
  for (const Units& units : batches) {
    const Result fast = run(GetParam(), units, Dtype::kF32);
    const Result exact = run(GetParam(), units, Dtype::kF64);
    expect_close(fast.output, exact.output, "output");
    for (std::size_t n = 0; n < fast.gradients.size(); ++n) {
      expect_close(fast.gradients[n], exact.gradients[n], "gradient " + std::to_string(n));
    }
  }
}

// Bytes of unit u in an array made of `groups` repetitions of all units.
std::string unit_bytes(const Tensor& tensor, const std::vector<std::int64_t>& sizes, std::size_t u,
                       std::int64_t groups) {
  std::int64_t total = 0, at = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (i == u) at = total;
    total += sizes[i];
  }
  std::string bytes;
  for (std::int64_t group = 0; group < groups; ++group) {
    const auto* from = reinterpret_cast<const char*>(tensor.data<float>() + group * total + at);
    bytes.append(from, static_cast<std::size_t>(sizes[u]) * sizeof(float));
  }
  return bytes;
}

// Everything that belongs to one unit: its output and its gradients, bit by bit.
std::string unit_result(const Entry& entry, const Units& units, const Result& result,
                        std::size_t u) {
  const Sample sample = entry.op->sample(entry.variant, units, Dtype::kF32);
  std::string bytes = unit_bytes(result.output, sample.output_sizes, u, 1);
  for (std::size_t n = 0; n < sample.inputs.size(); ++n) {
    bytes += unit_bytes(result.gradients[n], sample.inputs[n].sizes, u, kSeeds);
  }
  return bytes;
}

TEST_P(Operation, BitsDoNotDependOnBatchOrderOrThreads) {
  const Units units{{1, 31}, {2, 1}, {3, 13}, {4, 0}, {5, 260}, {6, 47}, {7, 2}};
  Units reversed(units.rbegin(), units.rend());
  set_threads(2);
  const Result together = run(GetParam(), units, Dtype::kF32);
  for (const int threads : {1, 2, 3}) {
    set_threads(threads);
    const Result again = run(GetParam(), units, Dtype::kF32);
    const Result backwards = run(GetParam(), reversed, Dtype::kF32);
    for (std::size_t u = 0; u < units.size(); ++u) {
      const std::string expected = unit_result(GetParam(), units, together, u);
      const std::size_t mirrored = units.size() - 1 - u;
      const Units single{units[u]};
      const Result alone = run(GetParam(), single, Dtype::kF32);
      const auto same = [&](const std::string& bytes) { return bytes == expected; };
      EXPECT_TRUE(same(unit_result(GetParam(), units, again, u))) << threads << " threads, " << u;
      EXPECT_TRUE(same(unit_result(GetParam(), reversed, backwards, mirrored)))
          << threads << " threads, other order, unit " << u;
      EXPECT_TRUE(same(unit_result(GetParam(), single, alone, 0)))
          << threads << " threads, alone, unit " << u;
    }
  }
}

TEST_P(Operation, NanReachesItsOwnUnitOnly) {
  const Units units{{1, 5}, {2, 3}, {3, 20}};
  const Sample sample = GetParam().op->sample(GetParam().variant, units, Dtype::kF32);
  std::vector<Variable> clean;
  for (const SampleInput& input : sample.inputs) clean.emplace_back(input.value);
  const Tensor expected = sample.apply(clean).value();
  for (std::size_t n = 0; n < sample.inputs.size(); ++n) {
    std::vector<Variable> inputs = clean;
    Tensor poisoned = sample.inputs[n].value.clone();
    poisoned.mutable_data<float>()[sample.inputs[n].sizes[0]] =
        std::numeric_limits<float>::quiet_NaN();  // the first element of the second unit
    inputs[n] = Variable(poisoned);
    const Tensor output = sample.apply(inputs).value();
    for (const std::size_t u : {0u, 2u}) {
      EXPECT_EQ(unit_bytes(output, sample.output_sizes, u, 1),
                unit_bytes(expected, sample.output_sizes, u, 1));
    }
    const float* own = output.data<float>() + sample.output_sizes[0];
    EXPECT_TRUE(std::any_of(own, own + sample.output_sizes[1],
                            [](float value) { return std::isnan(value); }));
  }
}

INSTANTIATE_TEST_SUITE_P(Conformance, Operation, testing::ValuesIn(entries()), entry_name);

}  // namespace
}  // namespace ascribo::ops
