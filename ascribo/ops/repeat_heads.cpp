// SPDX-License-Identifier: MIT
// Every head is copied as often as it is shared; the backward sums its copies in their order.
#include "ascribo/ops/repeat_heads.h"

#include <algorithm>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/ops/descriptor.h"
#include "ascribo/ops/parallel.h"

namespace ascribo::ops {
namespace {

// x is seen as `[rows * heads, width]`.
template <class T>
void forward(const Tensor& x, std::int64_t width, std::int64_t times, Tensor& y) {
  const T* from = x.data<T>();
  T* to = y.mutable_data<T>();
  parallel_ranges(x.numel() / width, times * width, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t copy = begin * times; copy < end * times; ++copy) {
      std::copy_n(from + copy / times * width, width, to + copy * width);
    }
  });
}

template <class T>
void gradient(const Tensor& dy, std::int64_t width, std::int64_t times, GradientSlot& slot) {
  const T* from = dy.data<T>();
  T* to = slot.tensor.mutable_data<T>();
  const bool accumulate = slot.accumulate;
  parallel_ranges(slot.tensor.numel() / width, times * width,
                  [=](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t head = begin; head < end; ++head) {
                      for (std::int64_t d = 0; d < width; ++d) {
                        const T* copies = from + head * times * width + d;
                        T sum = copies[0];
                        for (std::int64_t i = 1; i < times; ++i) sum += copies[i * width];
                        T& own = to[head * width + d];
                        own = accumulate ? own + sum : sum;
                      }
                    }
                  });
}

}  // namespace

Variable repeat_heads(const Variable& x, std::int64_t heads, std::int64_t times) {
  const ProfileScope scope("ops", "repeat_heads");
  const Tensor& input = x.value();
  ASCRIBO_ASSERT(input.shape().size() == 2 && times >= 1 && heads >= 1);
  ASCRIBO_ASSERT(input.cols() > 0 && input.cols() % heads == 0);
  if (times == 1) return x;
  const std::int64_t width = input.cols() / heads;
  const bool single = input.dtype() == Dtype::kF32;
  Tensor y = Tensor::empty({input.dim(0), input.cols() * times}, input.dtype());
  (single ? forward<float> : forward<double>)(input, width, times, y);
  return record(
      std::move(y), {x},
      [=](Backward& backward) {
        const ProfileScope scope("ops", "repeat_heads backward");
        GradientSlot slot = backward.slot(0);
        (single ? gradient<float> : gradient<double>)(backward.output(), width, times, slot);
      },
      same_rows());
}

const OpDescriptor& op_repeat_heads() {
  static const OpDescriptor descriptor{
      .name = "repeat_heads",
      .variants = {"1 head of 3, 4 times", "3 heads of 5, twice", "4 heads of 64, 3 times",
                   "2 heads of 5, once"},
      .sample = [](std::size_t variant, std::span<const SampleUnit> units, Dtype dtype) {
        const std::int64_t heads = std::vector<std::int64_t>{1, 3, 4, 2}.at(variant);
        const std::int64_t width = std::vector<std::int64_t>{3, 5, 64, 5}.at(variant);
        const std::int64_t times = std::vector<std::int64_t>{4, 2, 3, 1}.at(variant);
        Sample sample;
        sample.inputs = {sample_rows(units, heads * width, 1, dtype)};
        for (const SampleUnit& unit : units) {
          sample.output_sizes.push_back(unit.length * heads * width * times);
        }
        sample.apply = [=](const std::vector<Variable>& x) {
          return repeat_heads(x[0], heads, times);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
