// SPDX-License-Identifier: MIT
// The weights of a layer normalisation.
#pragma once

#include "ascribo/tensor/tensor.h"

namespace ascribo {

/// `[n]` each, in the compute dtype.
struct Norm {
  Tensor gamma, beta;
  double epsilon = 1e-12;

  bool defined() const { return gamma.defined(); }
};

}  // namespace ascribo
