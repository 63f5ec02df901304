// SPDX-License-Identifier: MIT
// One factor per row, forward and backward.
#include "ascribo/ops/scale_rows.h"

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"

namespace ascribo::ops {
namespace {

// x and y are `[groups * factors.size(), cols]`: the factors repeat for every seed.
template <class T>
void scale(const T* x, T* y, std::int64_t groups, std::int64_t cols,
           const std::vector<float>& factors, bool accumulate) {
  const auto rows = static_cast<std::int64_t>(factors.size());
  parallel_ranges(groups * rows, cols, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const T factor = factors[static_cast<std::size_t>(row % rows)];
      const T* from = x + row * cols;
      T* to = y + row * cols;
      for (std::int64_t i = 0; i < cols; ++i) {
        to[i] = accumulate ? to[i] + from[i] * factor : from[i] * factor;
      }
    }
  });
}

void scale(const Tensor& x, Tensor& y, std::int64_t groups, const std::vector<float>& factors,
           bool accumulate) {
  if (x.dtype() == Dtype::kF32) {
    scale(x.data<float>(), y.mutable_data<float>(), groups, x.cols(), factors, accumulate);
  } else {
    scale(x.data<double>(), y.mutable_data<double>(), groups, x.cols(), factors, accumulate);
  }
}

}  // namespace

Variable scale_rows(const Variable& x, const std::vector<float>& factors) {
  ASCRIBO_ASSERT(x.value().shape().size() == 2 &&
                 x.value().dim(0) == static_cast<std::int64_t>(factors.size()));
  Tensor y = Tensor::empty(x.value().shape(), x.value().dtype());
  scale(x.value(), y, 1, factors, false);
  return record(std::move(y), {x}, [factors](Backward& backward) {
    GradientSlot slot = backward.slot(0);
    scale(backward.output(), slot.tensor, backward.seeds(), factors, slot.accumulate);
  });
}

const OpDescriptor& op_scale_rows() {
  static const OpDescriptor descriptor{
      .name = "scale_rows",
      .variants = {"5", "64"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        Sample sample;
        sample.inputs = {sample_rows(units, variant == 0 ? 5 : 64, 1, dtype)};
        sample.output_sizes = sample.inputs[0].sizes;
        std::vector<float> factors;
        for (const SampleUnit& unit : units) {
          for (std::int64_t row = 0; row < unit.length; ++row) {
            factors.push_back(row % 3 == 1 ? 0.0f : 1.5f - 0.5f * static_cast<float>(row % 3));
          }
        }
        sample.apply = [factors](const std::vector<Variable>& x) {
          return scale_rows(x[0], factors);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
