// SPDX-License-Identifier: MIT
// What follows a product, while its values are still in the cache.
#pragma once

#include <cstdint>
#include <functional>

namespace ascribo::ops {

/// Goes over values of a finished product in place, a stretch at a time, in any order and on
/// several threads at once. What becomes of a value must depend on that value alone.
using Finish = std::function<void(float* values, std::int64_t count)>;

/// What lies between two products: goes over `count` values of a row, from a column on, in place;
/// in any order and on several threads at once, each value once.
using Between =
    std::function<void(float* values, std::int64_t row, std::int64_t column, std::int64_t count)>;

}  // namespace ascribo::ops
