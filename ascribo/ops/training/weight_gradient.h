// SPDX-License-Identifier: MIT
// The gradients of a linear layer's weight and bias.
#pragma once

#include <cstddef>

#include "ascribo/graph/variable.h"
#include "ascribo/tensor/dtype.h"
#include "ascribo/tensor/stored_weight.h"

namespace ascribo::ops {

/// Of the tables `[out, in]` that is the record's input of this number: the sum over rows of output
/// gradient times x `[rows, in]`, where the weight lies in it. kBf16, which the CPU has to have,
/// rounds both, but not of narrow weights.
void weight_gradient(const StoredWeight& weight, const Tensor& x, Precision precision,
                     Backward& backward, std::size_t input);

/// The same of a bias: the sum over rows of the output gradient.
void bias_gradient(const StoredWeight& bias, Backward& backward, std::size_t input);

}  // namespace ascribo::ops
