// SPDX-License-Identifier: MIT
// y = (x - t)^2; the backward is dx = 2 dy (x - t).
#include "ascribo/ops/training/squared_error.h"

#include "ascribo/ops/training/elementwise_loss.h"

namespace ascribo::ops {
namespace {

struct SquaredError {
  template <class T>
  static T value(T x, T target) {
    return (x - target) * (x - target);
  }
  template <class T>
  static T slope(T x, T target) {
    return T{2} * (x - target);
  }
};

}  // namespace

Variable squared_error(const Variable& x, const Tensor& targets) {
  return elementwise_loss<SquaredError>(x, targets);
}

const OpDescriptor& op_squared_error() {
  static const OpDescriptor descriptor{
      .name = "squared_error",
      .variants = {"3"},
      .sample = [](std::size_t, std::span<const SampleUnit> units, Dtype dtype) {
        return sample_of_loss(squared_error, units, dtype);
      }};
  return descriptor;
}

}  // namespace ascribo::ops
