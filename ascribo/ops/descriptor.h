// SPDX-License-Identifier: MIT
// What every operation says about itself, so that tests and benchmarks pick it up.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// A part of a batch whose result may not depend on its neighbours: `length` rows or one sequence
/// of that length. Its values follow from `key` alone, wherever it stands.
struct SampleUnit {
  std::uint64_t key = 0;
  std::int64_t length = 1;
};

/// One input: unit after unit, `sizes[u]` elements for unit u.
struct SampleInput {
  Tensor value;
  std::vector<std::int64_t> sizes;
};

/// A call of the operation on a batch of units.
struct Sample {
  std::vector<SampleInput> inputs;         ///< those that take gradients
  std::vector<std::int64_t> output_sizes;  ///< elements of the output, by unit
  /// Weights, which all units share and which take gradients when training.
  std::vector<Tensor> parameters = {};
  /// Gets the inputs, and behind them none or all of the parameters.
  std::function<Variable(const std::vector<Variable>&)> apply;
};

/// One entry of the table.
struct OpDescriptor {
  std::string_view name;
  std::vector<std::string> variants;  ///< sizes or modes worth testing; small ones first
  /// kF32 and kF64 samples of the same units hold the same numbers.
  std::function<Sample(std::size_t variant, std::span<const SampleUnit> units, Dtype dtype)> sample;
};

/// Every operation.
std::span<const OpDescriptor* const> operations();

/// Reproducible values in (-scale, scale): element i of unit `key` is the same in every batch.
/// `role` tells inputs apart; every unit gives `sizes[u]` elements.
Tensor sample_values(std::span<const SampleUnit> units, std::span<const std::int64_t> sizes,
                     std::uint64_t role, const Shape& shape, Dtype dtype, double scale = 1.0);
/// Rows of `cols` elements: unit u has `length` rows.
SampleInput sample_rows(std::span<const SampleUnit> units, std::int64_t cols, std::uint64_t role,
                        Dtype dtype, double scale = 1.0);
/// Values that do not depend on the batch, such as weights.
Tensor sample_constant(std::uint64_t role, const Shape& shape, Dtype dtype, double scale = 1.0);

}  // namespace ascribo::ops
