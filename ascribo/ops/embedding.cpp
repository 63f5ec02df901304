// SPDX-License-Identifier: MIT
// Rows of a published table, converted as they are read.
#include "ascribo/ops/embedding.h"

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"
#include "ascribo/tensor/convert.h"

namespace ascribo::ops {

Tensor embedding(const Tensor& table, std::span<const std::int64_t> indices, Dtype compute) {
  ASCRIBO_ASSERT(table.shape().size() == 2);
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
  return y;
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
        const Tensor table = sample_constant(1, {kEntries, kCols}, Dtype::kF32);
        sample.apply = [=](const std::vector<Variable>&) {
          return Variable(embedding(table, indices, dtype));
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
