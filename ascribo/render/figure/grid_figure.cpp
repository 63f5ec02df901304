// SPDX-License-Identifier: MIT
// Draws a table of scores as a heat map.
#include <algorithm>
#include <cmath>

#include "ascribo/render/color.h"
#include "ascribo/render/evidence.h"
#include "ascribo/render/figure/figures.h"
#include "ascribo/render/figure/text_width.h"
#include "ascribo/render/visible.h"

namespace ascribo {
namespace {

constexpr double kLabelSize = 11, kGap = 6, kWidest = 640;

/// Cells are squares as large as the width allows.
double cell_size(std::size_t columns) {
  return std::clamp(kWidest / static_cast<double>(std::max<std::size_t>(columns, 1)), 13.0, 26.0);
}

double widest(const std::vector<std::string>& labels) {
  double width = 0;
  for (const std::string& label : labels) width = std::max(width, text_width(visible(label)));
  return width * kLabelSize;
}

}  // namespace

double draw_grid(Canvas& canvas, const Grid& grid, double top) {
  const double cell = cell_size(grid.columns.size());
  const double left = widest(grid.rows) + kGap;
  const double head = top + widest(grid.columns) + kGap;
  const double largest = strongest(grid.values);
  const auto gap = [&](std::size_t column) {
    return grid.divider > 0 && column >= grid.divider ? 5.0 : 0.0;
  };
  for (std::size_t column = 0; column < grid.columns.size(); ++column) {
    const double x = left + gap(column) + (static_cast<double>(column) + 0.5) * cell;
    canvas.text(x + 0.35 * kLabelSize, head - kGap, grid.columns[column],
                {.size = kLabelSize, .upright = false});
  }
  for (std::size_t row = 0; row < grid.rows.size(); ++row) {
    const double y = head + static_cast<double>(row) * cell;
    canvas.text(left - kGap, y + 0.5 * cell + 0.35 * kLabelSize, grid.rows[row],
                {.size = kLabelSize, .anchor = Anchor::kEnd});
    for (std::size_t column = 0; column < grid.columns.size(); ++column) {
      const float value = grid.at(row, column);
      const double x = left + gap(column) + static_cast<double>(column) * cell;
      if (!std::isfinite(value)) continue;  // paper, as where there is nothing
      canvas.rectangle(x + 0.5, y + 0.5, cell - 1, cell - 1, "#f1f1ee");
      canvas.shade(x + 0.5, y + 0.5, cell - 1, cell - 1, color_level(value, largest));
    }
  }
  const double bottom = head + static_cast<double>(grid.rows.size()) * cell;
  return draw_scale(canvas, largest, grid.is_signed, bottom + 8) + 14;
}

}  // namespace ascribo
