// SPDX-License-Identifier: MIT
// Orders and sets drawn at random.
#pragma once

#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "ascribo/base/rng.h"

namespace ascribo {

/// The numbers from 0 to count - 1, of which the first `drawn` stand in random order, each order
/// equally likely (Fisher, Yates): a set of that size, or with `drawn` = count a whole order.
inline std::vector<std::size_t> random_order(std::size_t count, std::size_t drawn, Rng& rng) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = 0; i < drawn && i + 1 < count; ++i) {
    std::swap(order[i], order[i + rng.below(count - i)]);
  }
  return order;
}

}  // namespace ascribo
