// SPDX-License-Identifier: MIT
// Remembers operations in order and walks them back.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo {

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
  /// `[seeds, ...wanted shape]`. seeds is `[seeds, ...output shape]`. A variable that the output
  /// does not depend on gets zeros. May be called again with other seeds unless `release` is set,
  /// which frees saved activations as the walk passes them.
  std::vector<Tensor> gradients(const Variable& output, const Tensor& seeds,
                                std::span<const Variable> wanted, bool release = false);

 private:
  friend Variable record(Tensor, const std::vector<Variable>&, BackwardFunction);
  struct Node;
  class Walk;
  Variable append(Tensor value, const std::vector<Variable>& inputs, BackwardFunction backward);
  std::vector<Node> nodes_;
  bool released_ = false;
};

}  // namespace ascribo
