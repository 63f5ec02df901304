// SPDX-License-Identifier: MIT
// Writing rows of a matrix of values, of either element type.
#pragma once

#include <cstdint>

#include "ascribo/tensor/tensor.h"

namespace ascribo {

/// Copies all of `from` to `to`; shapes and element types must match.
void copy_rows(const Tensor& from, Tensor& to);

/// Sets one row to zero.
void clear_row(Tensor& values, std::int64_t row);

}  // namespace ascribo
