// SPDX-License-Identifier: MIT
// What follows a product, while its values are still in the cache.
#pragma once

#include <cstdint>
#include <functional>

namespace ascribo::ops {

/// Goes over `count` values of a row of a finished product, from a column on, in place; in any
/// order and on several threads at once, each value once. What becomes of a value must depend on
/// that value and its place alone.
using Finish =
    std::function<void(float* values, std::int64_t row, std::int64_t column, std::int64_t count)>;

}  // namespace ascribo::ops
