// SPDX-License-Identifier: MIT
// Operations with a model's own weights, to which gradients flow where a run watches them.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/graph/taps.h"
#include "ascribo/models/norm.h"
#include "ascribo/ops/linear.h"

namespace ascribo {

Variable apply(const LinearWeight& weight, const Variable& x, const Run& run);
/// f(weight applied to x).
Variable apply(const LinearWeight& weight, const Variable& x, Activation function, const Run& run);
/// x itself where the norm is undefined.
Variable apply(const Norm& norm, const Variable& x, const Run& run);
/// Of x + residual.
Variable apply(const Norm& norm, const Variable& x, const Variable& residual, const Run& run);
/// Rows of a table, `[indices, n]`.
Variable look_up(const Tensor& table, const std::vector<std::int64_t>& indices, Dtype compute,
                 const Run& run);
/// Values left out at random if the run asks for it, else x itself.
Variable drop_out(const Variable& x, double rate, Run& run);

}  // namespace ascribo
