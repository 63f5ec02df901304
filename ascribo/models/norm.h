// SPDX-License-Identifier: MIT
// The weights of a normalisation.
#pragma once

#include "ascribo/ops/rms_norm.h"

namespace ascribo {

/// `[n]` each, in the compute dtype. Without beta, the norm is by root mean square, times gamma +
/// offset.
struct Norm {
  Tensor gamma, beta;
  double epsilon = 1e-12;
  double offset = 0;

  bool defined() const { return gamma.defined(); }
  /// What normalised values are multiplied by.
  Tensor factors() const { return ops::rms_factors(gamma, offset); }
};

}  // namespace ascribo
