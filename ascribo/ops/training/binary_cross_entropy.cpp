// SPDX-License-Identifier: MIT
// y = max(x, 0) - x t + log(1 + exp(-|x|)); the backward is dx = dy (sigmoid(x) - t).
#include "ascribo/ops/training/binary_cross_entropy.h"

#include <algorithm>
#include <cmath>

#include "ascribo/ops/training/elementwise_loss.h"

namespace ascribo::ops {
namespace {

struct BinaryCrossEntropy {
  template <class T>
  static T value(T x, T target) {
    return std::max(x, T{0}) - x * target + std::log1p(std::exp(-std::abs(x)));
  }
  template <class T>
  static T slope(T x, T target) {
    return T{1} / (T{1} + std::exp(-x)) - target;
  }
};

}  // namespace

Variable binary_cross_entropy(const Variable& logits, const Tensor& targets) {
  return elementwise_loss<BinaryCrossEntropy>(logits, targets);
}

const OpDescriptor& op_binary_cross_entropy() {
  static const OpDescriptor descriptor{
      .name = "binary_cross_entropy",
      .variants = {"3"},
      .sample = [](std::size_t, std::span<const SampleUnit> units, Dtype dtype) {
        return sample_of_loss(binary_cross_entropy, units, dtype);
      }};
  return descriptor;
}

}  // namespace ascribo::ops
