// SPDX-License-Identifier: MIT
// Numbers and sentences that every table of a comparison writes alike.
#include "ascribo/render/comparison/cells.h"

#include <algorithm>
#include <cmath>

#include "ascribo/render/number.h"

namespace ascribo {

int column_decimals(const Comparison& comparison, std::size_t column) {
  double smallest = INFINITY;
  for (const ComparisonRow& row : comparison.rows) {
    if (row.cells[column] && row.cells[column]->standard_error > 0) {
      smallest = std::min(smallest, row.cells[column]->standard_error);
    }
  }
  if (!std::isfinite(smallest)) return 4;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(smallest))), 1, 6);
}

std::string cell_mean(const ComparisonRow& row, std::size_t column, int decimals) {
  return row.cells[column] ? plain_number(row.cells[column]->mean, decimals) : "";
}

std::string cell_error(const ComparisonRow& row, std::size_t column, int decimals) {
  return row.cells[column] ? plain_number(row.cells[column]->standard_error, decimals) : "";
}

std::string direction_text(const ComparisonColumn& column) {
  return column.direction == "neither" ? "neither is better" : column.direction + " is better";
}

std::string texts_line(const Comparison& comparison) {
  std::string line = grouped(comparison.texts) + (comparison.texts == 1 ? " text" : " texts");
  if (!comparison.data.empty()) line += " of " + comparison.data;
  if (comparison.skipped > 0) line += "; " + grouped(comparison.skipped) + " left out";
  return line;
}

std::vector<std::string> difference_lines(const Comparison& comparison, std::size_t column) {
  std::vector<std::string> lines;
  const int decimals = column_decimals(comparison, column);
  for (const ComparisonDifference& each : comparison.differences) {
    if (each.column != column || !each.significant) continue;
    const ComparisonRow &first = comparison.rows[each.first],
                        &second = comparison.rows[each.second];
    if (first.ranking != "method") continue;
    if (second.ranking != "method" && second.ranking != "random") continue;
    const bool above = each.mean > 0;
    const double low = above ? each.low : -each.high, high = above ? each.high : -each.low;
    lines.push_back((above ? first : second).name() + " above " + (above ? second : first).name() +
                    " by " + plain_number(std::abs(each.mean), decimals) + " (" +
                    plain_number(low, decimals) + " to " + plain_number(high, decimals) + ", p " +
                    plain_number(each.p, 4) + ")");
  }
  return lines;
}

}  // namespace ascribo
