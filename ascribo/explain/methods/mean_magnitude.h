// SPDX-License-Identifier: MIT
// What interpreto's gradient methods make of a gradient, and its integrated gradients.
#pragma once

#include <span>
#include <vector>

#include "ascribo/explain/methods/path.h"

namespace ascribo {

/// For each token the mean over dimensions of |gradient|, or with `times_value` of |value x
/// gradient|; both `[tokens, n]`.
std::vector<double> mean_magnitude(const Tensor& values, const Tensor& gradient, bool times_value);

/// Its integrated gradients: sum_k w_k mean_d |e_kd dF(e_k) / de_kd| at points e_k of each path,
/// `[targets, tokens]`. Signs are lost, and the way from the baseline is no factor: sums mean
/// nothing.
std::vector<std::vector<double>> integrate_magnitudes(std::span<const Path> paths,
                                                      std::span<Task> tasks, Scorer& scorer,
                                                      TapPoint at, const Quadrature& rule);

}  // namespace ascribo
