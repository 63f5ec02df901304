// SPDX-License-Identifier: MIT
// Each part's columns are copied into place; the backward hands them back.
#include "ascribo/ops/concat_columns.h"

#include <cstring>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"

namespace ascribo::ops {
namespace {

// Columns [first, first + slot's) of gradient `[rows, cols]` into the slot.
template <class T>
void gradient(const Tensor& dy, std::int64_t first, GradientSlot& slot) {
  const std::int64_t cols = dy.cols(), width = slot.tensor.cols();
  const T* from = dy.data<T>() + first;
  T* out = slot.tensor.mutable_data<T>();
  const bool accumulate = slot.accumulate;
  parallel_ranges(dy.rows(), width, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      for (std::int64_t i = 0; i < width; ++i) {
        T& to = out[row * width + i];
        to = accumulate ? to + from[row * cols + i] : from[row * cols + i];
      }
    }
  });
}

}  // namespace

Variable concat_columns(const std::vector<Variable>& parts) {
  ASCRIBO_ASSERT(!parts.empty());
  const Tensor& first = parts.front().value();
  std::int64_t cols = 0;
  std::vector<std::int64_t> begins;
  for (const Variable& part : parts) {
    ASCRIBO_ASSERT(part.value().rows() == first.rows() && part.value().dtype() == first.dtype());
    begins.push_back(cols);
    cols += part.value().cols();
  }
  const std::int64_t rows = first.rows();
  Tensor y = Tensor::empty({rows, cols}, first.dtype());
  const auto size = static_cast<std::int64_t>(dtype_size(first.dtype()));
  auto* to = static_cast<char*>(y.mutable_raw());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Tensor& part = parts[i].value();
    const auto* from = static_cast<const char*>(part.raw());
    const std::int64_t bytes = part.cols() * size;
    for (std::int64_t row = 0; row < rows; ++row) {
      std::memcpy(to + (row * cols + begins[i]) * size, from + row * bytes,
                  static_cast<std::size_t>(bytes));
    }
  }
  return record(
      std::move(y), parts,
      [begins](Backward& backward) {
        for (std::size_t i = 0; i < begins.size(); ++i) {
          if (!backward.wanted(i)) continue;
          GradientSlot slot = backward.slot(i);
          const bool single = slot.tensor.dtype() == Dtype::kF32;
          (single ? gradient<float> : gradient<double>)(backward.output(), begins[i], slot);
        }
      },
      same_rows());
}

const OpDescriptor& op_concat_columns() {
  static const OpDescriptor descriptor{
      .name = "concat_columns",
      .variants = {"5 and 3", "64, 7 and 64"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::vector<std::int64_t> widths =
            variant == 0 ? std::vector<std::int64_t>{5, 3} : std::vector<std::int64_t>{64, 7, 64};
        Sample sample;
        std::int64_t cols = 0;
        for (std::size_t i = 0; i < widths.size(); ++i) {
          sample.inputs.push_back(sample_rows(units, widths[i], i + 1, dtype));
          cols += widths[i];
        }
        for (const SampleUnit& unit : units) sample.output_sizes.push_back(unit.length * cols);
        sample.apply = [](const std::vector<Variable>& x) { return concat_columns(x); };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
