// SPDX-License-Identifier: MIT
// Remembers operations in order and walks them back.
#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo {

/// What a backward starts from: for every seed a gradient of the output. Without `rows` it has all
/// of them, `[seeds, ...output shape]`.
struct Seeds {
  Seeds(Tensor all) : values(std::move(all)) {}  // NOLINT: the usual case
  Seeds(Tensor some, GradientRowsPtr where) : values(std::move(some)), rows(std::move(where)) {}

  Tensor values;
  GradientRowsPtr rows = nullptr;
};

/// One forward's record. Not safe for concurrent use; must outlive its Variables.
class Tape {
 public:
  Tape();
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  /// A variable to which gradients flow. Operations on it are recorded from here on; what was
  /// computed before it is not.
  Variable watch(const Tensor& value);

  /// For every wanted variable the gradient of sum(seed[s] * output) for each seed s:
  /// `[seeds, ...wanted shape]`. A variable that the output does not depend on gets zeros. Rows in
  /// which a gradient cannot differ from zero are not computed. May be called again with other
  /// seeds unless `release` is set, which frees saved activations as the walk passes them. Where
  /// `begun` has a gradient of a watched variable, it goes on from there.
  std::vector<Tensor> gradients(const Variable& output, const Seeds& seeds,
                                std::span<const Variable> wanted, bool release = false,
                                std::span<const Tensor> begun = {});

 private:
  friend Variable record(Tensor, const std::vector<Variable>&, BackwardFunction, RowRule);
  struct Node;
  class Walk;
  Variable append(Tensor value, const std::vector<Variable>& inputs, BackwardFunction backward,
                  RowRule rule);
  std::vector<Node> nodes_;
  bool released_ = false;
};

}  // namespace ascribo
