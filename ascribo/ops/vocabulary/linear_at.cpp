// SPDX-License-Identifier: MIT
// y[:, o] = x W[o]^T + b[o] for the outputs o that are wanted; dx = sum_o dy[:, o] W[o].
#include "ascribo/ops/vocabulary/linear_at.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>
#include <mutex>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"

namespace ascribo::ops {
namespace {

// dx `[rows, in]` (+)= dy `[rows, all]` at the outputs, times their rows of W.
template <class T>
void input_gradient(const Tensor& dy, const Tensor& weights,
                    const std::vector<std::int64_t>& outputs, GradientSlot& slot) {
  const std::int64_t in = weights.cols(), all = dy.cols();
  const T *w = weights.data<T>(), *from = dy.data<T>();
  T* to = slot.tensor.mutable_data<T>();
  const std::int64_t work = in * std::ssize(outputs);
  parallel_ranges(dy.rows(), work, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      T* dx = to + row * in;
      if (!slot.accumulate) std::fill_n(dx, in, T{0});
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        const T slope = from[row * all + outputs[k]];
        if (slope == 0) continue;
        const T* weight = w + static_cast<std::int64_t>(k) * in;
        for (std::int64_t i = 0; i < in; ++i) dx[i] += slope * weight[i];
      }
    }
  });
}

void copy_columns(const Tensor& from, const std::vector<std::int64_t>& columns, Tensor& to) {
  const auto cols = static_cast<std::size_t>(to.cols());
  const std::size_t entry = dtype_size(to.dtype());
  const auto* source = static_cast<const std::byte*>(from.raw());
  auto* target = static_cast<std::byte*>(to.mutable_raw());
  for (std::size_t row = 0; row < static_cast<std::size_t>(to.rows()); ++row) {
    for (const std::int64_t column : columns) {
      const std::size_t place = (row * cols + static_cast<std::size_t>(column)) * entry;
      std::memcpy(target + place, source + place, entry);
    }
  }
}

}  // namespace

Variable linear_at(const Variable& x, const LinearWeight& weight,
                   const std::vector<std::int64_t>& outputs, Precision precision) {
  const Tensor& input = x.value();
  ASCRIBO_ASSERT(input.shape().size() == 2 && input.cols() == weight.in());
  ASCRIBO_ASSERT(!outputs.empty() && outputs.back() < weight.out());
  const ProfileScope scope("ops", "linear_at");
  Tensor y = Tensor::zeros({input.rows(), weight.out()}, input.dtype());
  if (!weight.multiply_at(input, outputs, precision, y)) {
    copy_columns(linear(input, weight, precision).value(), outputs, y);
  }
  return record(
      std::move(y), {x},
      [weight, outputs](Backward& backward) {
        const ProfileScope scope("ops", "linear_at backward");
        GradientSlot slot = backward.slot(0);
        const Tensor rows = weight.rows(outputs);
        if (rows.dtype() == Dtype::kF32) {
          input_gradient<float>(backward.output(), rows, outputs, slot);
        } else {
          input_gradient<double>(backward.output(), rows, outputs, slot);
        }
      },
      same_rows(1));
}

const OpDescriptor& op_linear_at() {
  static const OpDescriptor descriptor{
      .name = "linear_at",
      .variants = {"5 to 7", "96 to 200", "768 to 1000"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t in = std::vector<std::int64_t>{5, 96, 768}.at(variant);
        const std::int64_t out = std::vector<std::int64_t>{7, 200, 1000}.at(variant);
        static std::mutex mutex;
        static std::map<std::pair<std::size_t, Dtype>, LinearWeight> weights;
        std::lock_guard lock(mutex);
        LinearWeight& weight = weights[{variant, dtype}];
        if (!weight.defined()) {
          weight = LinearWeight(sample_constant(3, {out, in}, dtype),
                                sample_constant(4, {out}, dtype), dtype);
        }
        Sample sample;
        sample.inputs = {sample_rows(units, in, 1, dtype)};
        for (const SampleUnit& unit : units) sample.output_sizes.push_back(unit.length * out);
        sample.apply = [weight, out](const std::vector<Variable>& x) {
          return linear_at(x[0], weight, {0, out / 2, out / 2 + 1, out - 1});
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
