// SPDX-License-Identifier: MIT
// Rows of a published table, converted as they are read; the backward adds each row's gradient
// where it came from, in the order of the rows.
#include "ascribo/ops/embedding.h"

#include <algorithm>
#include <vector>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/tensor/convert.h"

namespace ascribo::ops {

namespace {

// A thread owns columns, so that an entry's rows are added up in order however many there are.
template <class T>
void scatter(const Tensor& dy, const std::vector<std::int64_t>& indices, GradientSlot slot) {
  const std::int64_t seeds = slot.tensor.dim(0), entries = slot.tensor.dim(1);
  const std::int64_t cols = slot.tensor.cols();
  const auto rows = static_cast<std::int64_t>(indices.size());
  T* to = slot.tensor.mutable_data<T>();
  if (!slot.accumulate) {
    parallel_ranges(seeds * entries, cols, [&](std::int64_t begin, std::int64_t end) {
      std::fill(to + begin * cols, to + end * cols, T{0});
    });
  }
  const T* from = dy.data<T>();
  parallel_ranges(cols, seeds * rows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = 0; i < seeds * rows; ++i) {
      const std::int64_t index = indices[static_cast<std::size_t>(i % rows)];
      T* entry = to + (i / rows * entries + index) * cols;
      for (std::int64_t j = begin; j < end; ++j) entry[j] += from[i * cols + j];
    }
  });
}

}  // namespace

Variable embedding(const Variable& entries, std::span<const std::int64_t> indices, Dtype compute) {
  const ProfileScope scope("ops", "embedding");
  const Tensor& table = entries.value();
  ASCRIBO_ASSERT(table.shape().size() == 2);
  ASCRIBO_ASSERT(!entries.requires_grad() || table.dtype() == compute);
  const std::int64_t cols = table.cols();
  Tensor y = Tensor::empty({static_cast<std::int64_t>(indices.size()), cols}, compute);
  const auto stride = static_cast<std::int64_t>(dtype_size(table.dtype())) * cols;
  const auto target_stride = static_cast<std::int64_t>(dtype_size(compute)) * cols;
  const auto* from = static_cast<const char*>(table.raw());
  auto* to = static_cast<char*>(y.mutable_raw());
  parallel_ranges(y.dim(0), cols, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t index = indices[static_cast<std::size_t>(i)];
      ASCRIBO_ASSERT(index >= 0 && index < table.dim(0));
      convert(from + index * stride, table.dtype(), to + i * target_stride, compute, cols);
    }
  });
  if (!entries.requires_grad()) return y;
  return record(std::move(y), {entries},
                [own = std::vector(indices.begin(), indices.end()), compute](Backward& backward) {
                  const ProfileScope scope("ops", "embedding backward");
                  const auto run = compute == Dtype::kF32 ? scatter<float> : scatter<double>;
                  run(backward.output(), own, backward.slot(0));
                });
}

const OpDescriptor& op_embedding() {
  static const OpDescriptor descriptor{
      .name = "embedding",
      .variants = {"11"},
      .sample = [](std::size_t, std::span<const SampleUnit> units, Dtype dtype) {
        constexpr std::int64_t kEntries = 13, kCols = 11;
        Sample sample;
        std::vector<std::int64_t> indices;
        for (const SampleUnit& unit : units) {
          for (std::int64_t i = 0; i < unit.length; ++i) {
            indices.push_back((static_cast<std::int64_t>(unit.key % kEntries) + 5 * i) % kEntries);
          }
          sample.output_sizes.push_back(unit.length * kCols);
        }
        const Tensor table = sample_constant(1, {kEntries, kCols}, dtype);
        sample.parameters = {table};
        sample.apply = [=](const std::vector<Variable>& x) {
          return embedding(x.empty() ? Variable(table) : x[0], indices, dtype);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
