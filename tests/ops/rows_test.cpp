// SPDX-License-Identifier: MIT
// Gradients in some rows only: whatever rows the seeds have, every operation of the table gives
// what it gives for seeds that are zero in all others.
#include <gtest/gtest.h>

#include <cctype>
#include <cmath>

#include "ascribo/base/threads.h"
#include "ascribo/graph/tape.h"
#include "ascribo/ops/add.h"
#include "ascribo/ops/descriptor.h"

namespace ascribo::ops {
namespace {

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

// By seed: the beginning of every unit, single rows here and there, one unit's end, nothing, and
// everything.
std::vector<std::vector<RowRange>> some_rows(const std::vector<std::int64_t>& sizes,
                                             std::int64_t width) {
  std::vector<std::vector<RowRange>> by_seed(5);
  std::int64_t row = 0;
  for (const std::int64_t size : sizes) {
    const std::int64_t rows = size / width;
    by_seed[0].push_back({row, (rows + 1) / 2});
    for (std::int64_t i = 0; i < rows; i += 3) by_seed[1].push_back({row + i, 1});
    by_seed[4].push_back({row, rows});
    row += rows;
  }
  if (row > 0) by_seed[2].push_back({row - 1, 1});
  return by_seed;
}

class Rows : public testing::TestWithParam<Entry> {};

TEST_P(Rows, LeftOutAreAsGoodAsZero) {
  const std::vector<SampleUnit> units{{1, 5}, {2, 1}, {3, 0}, {4, 37}};
  for (const Dtype dtype : {Dtype::kF32, Dtype::kF64}) {
    const Sample sample = GetParam().op->sample(GetParam().variant, units, dtype);
    Tape tape;
    std::vector<Variable> inputs;
    for (const SampleInput& input : sample.inputs) inputs.push_back(tape.watch(input.value));
    // What stands before an operation, and what uses its input besides, has other rows.
    std::vector<Variable> before;
    for (const Variable& input : inputs) before.push_back(add(input, input));
    const Variable output = add(sample.apply(before), sample.apply(inputs));
    const Shape& shape = output.value().shape();
    const std::int64_t width = output.value().numel() / std::max<std::int64_t>(1, shape[0]);
    const auto rows = std::make_shared<const GradientRows>(
        shape[0], some_rows(sample.output_sizes, std::max<std::int64_t>(1, width)));

    std::vector<double> few, all(static_cast<std::size_t>(rows->seeds() * shape[0] * width));
    for (std::int64_t seed = 0; seed < rows->seeds(); ++seed) {
      for (const auto& range : rows->of(seed)) {
        for (std::int64_t i = 0; i < range.count * width; ++i) {
          few.push_back(std::sin(0.7 * static_cast<double>(few.size()) + 0.3));
          all[static_cast<std::size_t>((seed * shape[0] + range.row) * width + i)] = few.back();
        }
      }
    }
    Shape whole{rows->seeds()};
    whole.insert(whole.end(), shape.begin(), shape.end());
    const Tensor seeds = Tensor::from<double>(few, rows->shape(shape)).to(dtype);
    const auto some = tape.gradients(output, Seeds(seeds, rows), inputs);
    const auto expected =
        tape.gradients(output, Tensor::from<double>(all, whole).to(dtype), inputs);
    for (std::size_t n = 0; n < inputs.size(); ++n) {
      ASSERT_EQ(some[n].shape(), expected[n].shape());
      EXPECT_EQ(some[n].to_vector<double>(), expected[n].to_vector<double>()) << "input " << n;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Operations, Rows, testing::ValuesIn(entries()), entry_name);

}  // namespace
}  // namespace ascribo::ops
