// SPDX-License-Identifier: MIT
// Sums over rows, column by column: the gradients of biases and of norms.
#pragma once

#include <cstdint>

#include "ascribo/ops/parallel.h"

namespace ascribo::ops {

/// What is summed: x `[rows, cols]`, times a factor of each element or of each row where given.
template <class T>
struct ColumnSums {
  std::int64_t rows = 0, cols = 0;
  const T* x = nullptr;
  const T* times = nullptr;      ///< `[rows, cols]` or null
  const T* row_times = nullptr;  ///< `[rows]` or null
};

/// sums `[cols]` (+)= what is summed. Rows are added up in stretches of fixed length, and those one
/// after another: bits do not depend on the number of threads.
template <class T>
void column_sums(const ColumnSums<T>& of, bool accumulate, T* sums) {
  constexpr std::int64_t kRows = 64, kCols = 64;
  parallel_ranges(of.cols, of.rows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t col = begin; col < end; col += kCols) {
      const std::int64_t width = end - col < kCols ? end - col : kCols;
      T totals[kCols] = {};
      for (std::int64_t first = 0; first < of.rows; first += kRows) {
        const std::int64_t last = of.rows - first < kRows ? of.rows : first + kRows;
        T parts[kCols] = {};
        for (std::int64_t row = first; row < last; ++row) {
          const T* x = of.x + row * of.cols + col;
          const T factor = of.row_times ? of.row_times[row] : T{1};
          if (of.times) {
            const T* times = of.times + row * of.cols + col;
            for (std::int64_t j = 0; j < width; ++j) parts[j] += x[j] * times[j] * factor;
          } else {
            for (std::int64_t j = 0; j < width; ++j) parts[j] += x[j] * factor;
          }
        }
        for (std::int64_t j = 0; j < width; ++j) totals[j] += parts[j];
      }
      for (std::int64_t j = 0; j < width; ++j) {
        sums[col + j] = accumulate ? sums[col + j] + totals[j] : totals[j];
      }
    }
  });
}

}  // namespace ascribo::ops
