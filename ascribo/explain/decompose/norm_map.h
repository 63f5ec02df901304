// SPDX-License-Identifier: MIT
// What a norm does when its scales are known: L(v) = gamma (v - mean(v)), or gamma v for a norm by
// root mean square, times a scale for each row, plus beta.
#pragma once

#include <vector>

#include "ascribo/models/norm.h"

namespace ascribo {

/// Calls run with a zero of the element type.
template <class Run>
void for_type(Dtype dtype, Run run) {
  if (dtype == Dtype::kF32) {
    run(0.0F);
  } else {
    run(0.0);
  }
}

/// 1 / sqrt(var + epsilon), or of the mean square, of every row of x; ones for an undefined norm.
std::vector<double> norm_scales(const Norm& norm, const Tensor& x);

/// L of every row, in place; nothing for an undefined norm.
void map_rows(const Norm& norm, Tensor& x);

/// scales_i L(x_i) + beta; x itself for an undefined norm.
Tensor normalised(const Norm& norm, const Tensor& x, const std::vector<double>& scales);

}  // namespace ascribo
