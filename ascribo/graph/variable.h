// SPDX-License-Identifier: MIT
// A value in a computation, and how an operation records its backward.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <vector>

#include "ascribo/tensor/tensor.h"

namespace ascribo {

class Backward;
class Tape;

/// A tensor and, when gradients flow through it, its place on a tape. Cheap to copy.
class Variable {
 public:
  Variable() = default;
  /// A constant: no gradient flows through it.
  Variable(Tensor value) : value_(std::move(value)) {}  // NOLINT: constants convert freely

  const Tensor& value() const { return value_; }
  bool requires_grad() const { return tape_ != nullptr; }
  bool defined() const { return value_.defined(); }

 private:
  friend class Tape;
  friend Variable record(Tensor, const std::vector<Variable>&, std::function<void(Backward&)>);
  Tensor value_;
  Tape* tape_ = nullptr;
  std::int64_t id_ = -1;
};

/// Where a backward puts the gradient of one input: `[seeds, ...input shape]`. When `accumulate`
/// is set the tensor already holds other users' share and must be added to; else it is
/// uninitialised and must be written completely.
struct GradientSlot {
  Tensor tensor;
  bool accumulate = false;
};

/// What a backward function sees. Gradients carry the seeds as their first dimension, so that
/// several targets share one forward and its saved activations.
class Backward {
 public:
  virtual ~Backward() = default;
  virtual std::int64_t seeds() const = 0;
  /// Gradient of the operation's output: `[seeds, ...output shape]`.
  virtual const Tensor& output() const = 0;
  /// Whether anybody wants the gradient of this input (by position in record()'s list).
  virtual bool wanted(std::size_t input) const = 0;
  virtual GradientSlot slot(std::size_t input) = 0;
  /// Hands over a gradient without copying (identity, addition). Shapes must match.
  virtual void pass(std::size_t input, const Tensor& gradient) = 0;
};

using BackwardFunction = std::function<void(Backward&)>;

/// True when a backward must be recorded for an operation on these inputs.
bool any_requires_grad(std::initializer_list<const Variable*> inputs);

/// Ends an operation: wraps `value`, recording `backward` if any input requires a gradient.
Variable record(Tensor value, const std::vector<Variable>& inputs, BackwardFunction backward);

}  // namespace ascribo
