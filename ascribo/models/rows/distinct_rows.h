// SPDX-License-Identifier: MIT
// Rows that are equal, as those of one text with many masks are before the first layer mixes them.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/graph/taps.h"
#include "ascribo/ops/linear.h"

namespace ascribo {

/// Projects equal rows once. A row's bits do not depend on the other rows, so nothing changes but
/// the time.
class DistinctRows {
 public:
  /// Finds no rows: all are projected.
  DistinctRows() = default;
  /// Looks for rows of x `[rows, n]` that are equal to the last bit. Finds none where gradients are
  /// wanted or less than half would be saved.
  explicit DistinctRows(const Variable& x);

  bool found() const { return !firsts_.empty(); }
  /// y `[rows, out]` of the same x.
  Variable project(const LinearWeight& weight, const Variable& x, const Run& run) const;

 private:
  std::vector<std::int64_t> firsts_;    // where each distinct row is first found
  std::vector<std::int64_t> distinct_;  // of each row of x, its place in firsts_
};

}  // namespace ascribo
