// SPDX-License-Identifier: MIT
// Backward: the whole gradient goes to the row that was the largest, of equals the first.
#include "ascribo/ops/max_rows.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"

namespace ascribo::ops {
namespace {

using Winners = std::vector<std::int64_t>;  // row of x for each element of y, or -1

template <class T>
void forward(const Tensor& x, const std::vector<std::int64_t>& offsets, Tensor& y,
             Winners& winners) {
  const std::int64_t cols = x.cols(), sequences = y.dim(0);
  const T* from = x.data<T>();
  T* out = y.mutable_data<T>();
  const std::int64_t work = x.numel() / std::max<std::int64_t>(1, sequences);
  parallel_ranges(sequences, work, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t s = begin; s < end; ++s) {
      const auto at = static_cast<std::size_t>(s);
      std::fill_n(out + s * cols, cols, T{0});
      for (std::int64_t row = offsets[at]; row < offsets[at + 1]; ++row) {
        for (std::int64_t i = 0; i < cols; ++i) {
          T& best = out[s * cols + i];
          std::int64_t& winner = winners[static_cast<std::size_t>(s * cols + i)];
          const T value = from[row * cols + i];
          if (winner >= 0 && (std::isnan(best) || !(value > best || std::isnan(value)))) continue;
          best = value;
          winner = row;
        }
      }
    }
  });
}

template <class T>
void gradient(const Tensor& dy, const Winners& winners, GradientSlot& slot) {
  const std::int64_t cols = dy.cols(), seeds = dy.dim(0), rows = slot.tensor.dim(1);
  const auto each = static_cast<std::int64_t>(winners.size());
  const T* from = dy.data<T>();
  T* out = slot.tensor.mutable_data<T>();
  if (!slot.accumulate) std::fill_n(out, slot.tensor.numel(), T{0});
  parallel_ranges(seeds, each, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t seed = begin; seed < end; ++seed) {
      for (std::int64_t i = 0; i < each; ++i) {
        const std::int64_t row = winners[static_cast<std::size_t>(i)];
        if (row >= 0) out[(seed * rows + row) * cols + i % cols] += from[seed * each + i];
      }
    }
  });
}

}  // namespace

Variable max_rows(const Variable& x, const std::vector<std::int64_t>& offsets) {
  const Tensor& input = x.value();
  ASCRIBO_ASSERT(input.shape().size() == 2 && input.dim(0) == offsets.back());
  const auto sequences = static_cast<std::int64_t>(offsets.size()) - 1;
  Tensor y = Tensor::empty({sequences, input.cols()}, input.dtype());
  const bool single = input.dtype() == Dtype::kF32;
  auto winners = std::make_shared<Winners>(static_cast<std::size_t>(y.numel()), -1);
  (single ? forward<float> : forward<double>)(input, offsets, y, *winners);
  return record(std::move(y), {x}, [=](Backward& backward) {
    GradientSlot slot = backward.slot(0);
    (single ? gradient<float> : gradient<double>)(backward.output(), *winners, slot);
  });
}

const OpDescriptor& op_max_rows() {
  static const OpDescriptor descriptor{
      .name = "max_rows",
      .variants = {"5", "64"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t cols = variant == 0 ? 5 : 64;
        Sample sample;
        sample.inputs = {sample_rows(units, cols, 1, dtype)};
        std::vector<std::int64_t> offsets{0};
        for (const SampleUnit& unit : units) {
          offsets.push_back(offsets.back() + unit.length);
          sample.output_sizes.push_back(cols);
        }
        sample.apply = [=](const std::vector<Variable>& x) { return max_rows(x[0], offsets); };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
