// SPDX-License-Identifier: MIT
// y(h, p) = table(b(p), h); the backward adds up, in order, what the places of a bucket received.
#include "ascribo/ops/training/spread_buckets.h"

#include <algorithm>

#include "ascribo/base/assert.h"
#include "ascribo/ops/descriptor.h"

namespace ascribo::ops {
namespace {

template <class T>
void forward(const Tensor& table, const std::vector<std::int64_t>& buckets, Tensor& y) {
  const std::int64_t heads = table.cols();
  T* to = y.mutable_data<T>();
  for (std::int64_t head = 0; head < heads; ++head) {
    for (const std::int64_t bucket : buckets) *to++ = table.data<T>()[bucket * heads + head];
  }
}

template <class T>
void gradient(const std::vector<std::int64_t>& buckets, Backward& backward) {
  GradientSlot slot = backward.slot(0);
  const std::int64_t heads = slot.tensor.cols(), entries = slot.tensor.dim(1);
  T* to = slot.tensor.mutable_data<T>();
  if (!slot.accumulate) std::fill_n(to, slot.tensor.numel(), T{0});
  const T* from = backward.output().data<T>();
  for (std::int64_t seed = 0; seed < backward.seeds(); ++seed) {
    for (std::int64_t head = 0; head < heads; ++head) {
      for (const std::int64_t bucket : buckets) {
        to[(seed * entries + bucket) * heads + head] += *from++;
      }
    }
  }
}

}  // namespace

Variable spread_buckets(const Variable& table, const std::vector<std::int64_t>& buckets) {
  const Tensor& entries = table.value();
  ASCRIBO_ASSERT(entries.shape().size() == 2);
  const bool single = entries.dtype() == Dtype::kF32;
  Tensor y =
      Tensor::empty({entries.cols(), static_cast<std::int64_t>(buckets.size())}, entries.dtype());
  (single ? forward<float> : forward<double>)(entries, buckets, y);
  return record(std::move(y), {table}, [=](Backward& backward) {
    (single ? gradient<float> : gradient<double>)(buckets, backward);
  });
}

const OpDescriptor& op_spread_buckets() {
  static const OpDescriptor descriptor{
      .name = "spread_buckets",
      .variants = {"1 head"},
      .sample = [](std::size_t, std::span<const SampleUnit> units, Dtype dtype) {
        const Tensor table = sample_constant(1, {5, 1}, dtype);
        std::vector<std::int64_t> buckets;
        Sample sample;
        for (const SampleUnit& unit : units) {
          for (std::int64_t i = 0; i < unit.length; ++i) {
            buckets.push_back((static_cast<std::int64_t>(unit.key) + i) % 4);
          }
          sample.output_sizes.push_back(unit.length);
        }
        sample.parameters = {table};
        sample.apply = [=](const std::vector<Variable>& x) {
          return spread_buckets(x.empty() ? Variable(table) : x[0], buckets);
        };
        return sample;
      }};
  return descriptor;
}

}  // namespace ascribo::ops
