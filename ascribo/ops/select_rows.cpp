// SPDX-License-Identifier: MIT
// Rows picked by index; the backward adds each row's gradient back where it came from.
#include "ascribo/ops/select_rows.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"

namespace ascribo::ops {
namespace {

// gradient `[seeds, indices, cols]` into `[seeds, rows, cols]`, which is zeroed first unless it
// already holds something. An index may repeat, so one thread walks a seed's rows in order.
template <class T>
void scatter(const T* gradient, GradientSlot& slot, std::int64_t seeds,
             const std::vector<std::int64_t>& indices) {
  const std::int64_t cols = slot.tensor.cols();
  const std::int64_t rows = slot.tensor.dim(1);
  const auto picked = static_cast<std::int64_t>(indices.size());
  T* target = slot.tensor.mutable_data<T>();
  if (!slot.accumulate) std::memset(target, 0, slot.tensor.bytes());
  parallel_ranges(seeds, picked * cols, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t seed = begin; seed < end; ++seed) {
      for (std::int64_t i = 0; i < picked; ++i) {
        const T* from = gradient + (seed * picked + i) * cols;
        T* to = target + (seed * rows + indices[static_cast<std::size_t>(i)]) * cols;
        for (std::int64_t j = 0; j < cols; ++j) to[j] += from[j];
      }
    }
  });
}

// Where rows of a gradient were picked.
GradientRowsPtr rows_picked(const GradientRows& output, const std::vector<std::int64_t>& indices,
                            std::int64_t rows) {
  std::vector<std::vector<RowRange>> by_seed(static_cast<std::size_t>(output.seeds()));
  for (std::int64_t seed = 0; seed < output.seeds(); ++seed) {
    for (const auto& range : output.of(seed)) {
      for (std::int64_t i = range.row; i < range.row + range.count; ++i) {
        by_seed[static_cast<std::size_t>(seed)].push_back(
            {indices[static_cast<std::size_t>(i)], 1});
      }
    }
  }
  return std::make_shared<GradientRows>(rows, by_seed);
}

}  // namespace

Variable select_rows(const Variable& x, const std::vector<std::int64_t>& indices) {
  const ProfileScope scope("ops", "select_rows");
  const Tensor& input = x.value();
  ASCRIBO_ASSERT(input.shape().size() == 2);
  const auto picked = static_cast<std::int64_t>(indices.size());
  Tensor y = Tensor::empty({picked, input.cols()}, input.dtype());
  const std::size_t bytes = static_cast<std::size_t>(input.cols()) * dtype_size(input.dtype());
  const auto* from = static_cast<const char*>(input.raw());
  auto* to = static_cast<char*>(y.mutable_raw());
  parallel_ranges(picked, input.cols(), [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      ASCRIBO_ASSERT(indices[i] >= 0 && indices[i] < input.dim(0));
      std::memcpy(to + i * bytes, from + static_cast<std::size_t>(indices[i]) * bytes, bytes);
    }
  });
  const bool ascending =
      std::adjacent_find(indices.begin(), indices.end(), std::greater_equal<>()) == indices.end();
  if (ascending) {
    // What is passed on are the rows picked, as they are.
    return record(
        std::move(y), {x},
        [](Backward& backward) {
          const ProfileScope scope("ops", "select_rows backward");
          backward.pass(0, backward.output());
        },
        [indices, rows = input.dim(0)](const GradientRowsPtr& output, std::size_t) {
          return rows_picked(*output, indices, rows);
        });
  }
  return record(std::move(y), {x}, [indices](Backward& backward) {
    const ProfileScope scope("ops", "select_rows backward");
    GradientSlot slot = backward.slot(0);
    if (slot.tensor.dtype() == Dtype::kF32) {
      scatter(backward.output().data<float>(), slot, backward.seeds(), indices);
    } else {
      scatter(backward.output().data<double>(), slot, backward.seeds(), indices);
    }
  });
}

const OpDescriptor& op_select_rows() {
  static const OpDescriptor descriptor{
      .name = "select_rows",
      .variants = {"5", "64"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t cols = variant == 0 ? 5 : 64;
        Sample sample;
        sample.inputs = {sample_rows(units, cols, 1, dtype)};
        std::vector<std::int64_t> indices;
        std::int64_t first = 0;
        for (const SampleUnit& unit : units) {  // first, last, first again
          const std::size_t before = indices.size();
          if (unit.length > 0)
            indices.insert(indices.end(), {first, first + unit.length - 1, first});
          first += unit.length;
          sample.output_sizes.push_back(static_cast<std::int64_t>(indices.size() - before) * cols);
        }
        sample.apply = [indices](const std::vector<Variable>& x) {
          return select_rows(x[0], indices);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
