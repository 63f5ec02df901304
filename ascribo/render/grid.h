// SPDX-License-Identifier: MIT
// A table of scores with the names of its rows and columns: what heat maps show.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ascribo/explain/explanation.h"

namespace ascribo {

struct Grid {
  std::string title;
  std::vector<std::string> rows, columns;
  std::vector<float> values;  ///< row-major; NaN where there is nothing to show
  std::size_t divider = 0;    ///< the first column of the output; 0: there is none to set apart
  bool is_signed = true;

  float at(std::size_t row, std::size_t column) const {
    return values[row * columns.size() + column];
  }
};

/// Targets down, units across; scores as displayed. All targets have units in the same order.
Grid target_grid(const Explanation& explanation);

}  // namespace ascribo
