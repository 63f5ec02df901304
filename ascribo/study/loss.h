// SPDX-License-Identifier: MIT
// What a step makes smaller.
#pragma once

#include <span>
#include <vector>

#include "ascribo/graph/variable.h"
#include "ascribo/study/example.h"

namespace ascribo {

struct LossOptions {
  Objective objective = Objective::kLabel;
  double smoothing = 0;
  std::vector<double> class_weights = {};  ///< of kLabel, by label; empty: all 1
};

/// Losses of some examples, and how much each counts.
struct Losses {
  Variable each;
  Tensor weights;  ///< in the shape of `each`

  double sum() const;  ///< weighted
  /// The weights as seeds of a backward, divided by `by`.
  Tensor seeds(double by) const;
};

/// logits as the model gives them for these examples, in order.
Losses losses_of(const LossOptions& options, const Variable& logits,
                 std::span<const Example* const> examples);

/// Sum of the weights of these examples: what a sum of losses is divided by for their mean.
double weight_of(const LossOptions& options, std::span<const Example* const> examples);

}  // namespace ascribo
