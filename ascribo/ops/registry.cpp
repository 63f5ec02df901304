// SPDX-License-Identifier: MIT
// The table of operations, and the sample values their descriptors draw.
#include <array>
#include <bit>

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"

namespace ascribo::ops {

#define X(stem) const OpDescriptor& op_##stem();
#include "ascribo/ops/table.inc"
#include "ascribo/ops/training/table.inc"
#undef X

std::span<const OpDescriptor* const> operations() {
  static const std::array table{
#define X(stem) &op_##stem(),
#include "ascribo/ops/table.inc"
#include "ascribo/ops/training/table.inc"
#undef X
  };
  return table;
}

namespace {

// A 64-bit mix (xor, shift, multiply) of a counter: good enough for test values. Rounded to single
// precision, so that kF32 and kF64 samples hold the same numbers.
double sample_value(std::uint64_t key, std::uint64_t role, std::uint64_t index) {
  std::uint64_t bits = key * 0x9E3779B97F4A7C15u + role * 0xD1B54A32D192ED03u + index;
  for (const std::uint64_t factor : {0xFF51AFD7ED558CCDu, 0xC4CEB9FE1A85EC53u}) {
    bits = (bits ^ (bits >> 32)) * factor;
  }
  bits ^= bits >> 32;
  return static_cast<float>(static_cast<double>(bits >> 11) * 0x1p-52 - 1.0);
}

}  // namespace

Tensor sample_values(std::span<const SampleUnit> units, std::span<const std::int64_t> sizes,
                     std::uint64_t role, const Shape& shape, Dtype dtype, double scale) {
  std::vector<double> values;
  for (std::size_t u = 0; u < units.size(); ++u) {
    for (std::int64_t i = 0; i < sizes[u]; ++i) {
      const auto index = static_cast<std::uint64_t>(i);
      values.push_back(static_cast<float>(scale * sample_value(units[u].key, role, index)));
    }
  }
  return Tensor::from<double>(values, shape).to(dtype);
}

SampleInput sample_rows(std::span<const SampleUnit> units, std::int64_t cols, std::uint64_t role,
                        Dtype dtype, double scale) {
  std::vector<std::int64_t> sizes;
  std::int64_t rows = 0;
  for (const SampleUnit& unit : units) {
    sizes.push_back(unit.length * cols);
    rows += unit.length;
  }
  return {sample_values(units, sizes, role, {rows, cols}, dtype, scale), sizes};
}

Tensor sample_constant(std::uint64_t role, const Shape& shape, Dtype dtype, double scale) {
  const SampleUnit unit{role, 1};
  const std::int64_t size = numel(shape);
  return sample_values({&unit, 1}, {&size, 1}, role, shape, dtype, scale);
}

}  // namespace ascribo::ops
