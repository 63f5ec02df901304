// SPDX-License-Identifier: MIT
// Sums of outer products over rows: the gradient of a weight.
#pragma once

#include <cstdint>

namespace ascribo::ops {

/// C `[m, n]` (+)= the transpose of A `[rows, m]` times B `[rows, n]`.
struct OuterSum {
  std::int64_t rows = 0, m = 0, n = 0;
  const float* a = nullptr;
  std::int64_t a_row = 0;  ///< distance of neighbours in a column
  const float* b = nullptr;
  std::int64_t b_row = 0;
  float* c = nullptr;
  std::int64_t c_row = 0;
  bool accumulate = false;
};

/// C is cut into pieces that depend on its size alone, each summed by one thread: bits do not
/// depend on the number of threads. A failure of oneDNN is an Error(kInternal).
void outer_sum(const OuterSum& task);

}  // namespace ascribo::ops
