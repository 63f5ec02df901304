// SPDX-License-Identifier: MIT
// Memory for tensors: blocks are kept and used again instead of going back to the system.
#pragma once

#include <cstddef>
#include <memory>

namespace ascribo {

/// Bytes, in whole blocks (a block is at most an eighth larger than what was asked for, or, where
/// the cache is full, twice as large).
struct PoolStatistics {
  std::size_t in_use = 0;
  std::size_t peak = 0;    ///< largest in_use since the start or pool_reset_peak()
  std::size_t cached = 0;  ///< free, kept for the next request of that size
};

/// At least `bytes` uninitialised bytes, 64-byte aligned, never null. They return to the pool with
/// the last owner. What the pool holds in all, used and cached, stays within 5/4 of the peak in
/// use (and a few MB). All functions here may be called concurrently.
std::shared_ptr<void> pool_allocate(std::size_t bytes);

PoolStatistics pool_statistics();
void pool_reset_peak();
/// Gives every cached block back to the system.
void pool_trim();

}  // namespace ascribo
