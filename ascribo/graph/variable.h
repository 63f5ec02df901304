// SPDX-License-Identifier: MIT
// A value in a computation, and how an operation records its backward.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <vector>

#include "ascribo/graph/gradient_rows.h"
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
  friend Variable record(Tensor, const std::vector<Variable>&, std::function<void(Backward&)>,
                         std::function<GradientRowsPtr(const GradientRowsPtr&, std::size_t)>);
  Tensor value_;
  Tape* tape_ = nullptr;
  std::int64_t id_ = -1;
};

/// Where a backward puts the gradient of one input, in the rows that it has there (see
/// Backward::rows). When `accumulate` is set the tensor already holds other users' share and must
/// be added to; else it is uninitialised and must be written completely.
struct GradientSlot {
  Tensor tensor;
  bool accumulate = false;
};

/// What a backward function sees. Several targets share one forward and its saved activations:
/// gradients are `[seeds, ...shape]` or, of an operation that has a RowRule, the rows alone in
/// which they may differ from zero (GradientRows::shape).
class Backward {
 public:
  virtual ~Backward() = default;
  virtual std::int64_t seeds() const = 0;
  /// Gradient of the operation's output.
  virtual const Tensor& output() const = 0;
  /// The rows of the output, and of an input that is wanted, that gradients have here.
  virtual const GradientRows& rows() const = 0;
  virtual const GradientRows& rows(std::size_t input) const = 0;
  /// Whether anybody wants the gradient of this input (by position in record()'s list).
  virtual bool wanted(std::size_t input) const = 0;
  virtual GradientSlot slot(std::size_t input) = 0;
  /// Hands over a gradient without copying (identity, addition). As many elements as in the slot.
  virtual void pass(std::size_t input, const Tensor& gradient) = 0;
};

using BackwardFunction = std::function<void(Backward&)>;

/// Tells which rows of an input get a gradient from an output that has one in the rows given. Null
/// where the backward cannot do with less than all rows of its output.
using RowRule = std::function<GradientRowsPtr(const GradientRowsPtr& output, std::size_t input)>;

/// Of operations that compute every row of their output from the same row of their first inputs, as
/// many as `inputs` says, and from all of any other input: a parameter.
RowRule same_rows(std::size_t inputs = std::numeric_limits<std::size_t>::max());

/// True when a backward must be recorded for an operation on these inputs.
bool any_requires_grad(std::initializer_list<const Variable*> inputs);

/// Ends an operation: wraps `value`, recording `backward` if any input requires a gradient. Without
/// a rule the backward sees all rows of every gradient.
Variable record(Tensor value, const std::vector<Variable>& inputs, BackwardFunction backward,
                RowRule rule = nullptr);

}  // namespace ascribo
