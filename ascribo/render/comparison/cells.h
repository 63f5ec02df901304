// SPDX-License-Identifier: MIT
// What the tables of a comparison have in common.
#pragma once

#include <string>
#include <vector>

#include "ascribo/metrics/comparison/comparison.h"

namespace ascribo {

/// Digits after the point for the numbers of a column: enough for two digits of the errors.
int column_decimals(const Comparison& comparison, std::size_t column);

/// "0.812" and "0.004", or "" where a row has nothing.
std::string cell_mean(const ComparisonRow& row, std::size_t column, int decimals);
std::string cell_error(const ComparisonRow& row, std::size_t column, int decimals);

/// "higher is better".
std::string direction_text(const ComparisonColumn& column);

/// "200 texts of dev.tsv; 3 left out".
std::string texts_line(const Comparison& comparison);

/// Of one column, the significant differences between methods, or between a method and random:
/// "occlusion above lime by 0.031 (0.012 to 0.049, p 0.004)".
std::vector<std::string> difference_lines(const Comparison& comparison, std::size_t column);

}  // namespace ascribo
