// SPDX-License-Identifier: MIT
// Splits rows or elements among the threads when there is enough work to pay for it.
#pragma once

#include <algorithm>
#include <cstdint>

#include "ascribo/base/threads.h"

namespace ascribo::ops {

/// Calls function(begin, end) for ranges that together make [0, count). `work` is what one entry
/// costs, in elements touched. The function must give the same bits however the range is cut.
template <class Function>
void parallel_ranges(std::int64_t count, std::int64_t work, Function&& function) {
  constexpr std::int64_t kWorkPerThread = 16384;  // below this, waking a thread costs more
  const std::int64_t useful = std::max<std::int64_t>(1, count * work / kWorkPerThread);
  const std::int64_t threads = std::min({count, useful, std::int64_t{free_threads()}});
  if (threads <= 1) {
    if (count > 0) function(std::int64_t{0}, count);
    return;
  }
  parallel_for(threads,
               [&](std::int64_t i) { function(count * i / threads, count * (i + 1) / threads); });
}

}  // namespace ascribo::ops
