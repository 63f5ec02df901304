// SPDX-License-Identifier: MIT
// Collects the scores of all targets.
#include "ascribo/render/grid.h"

#include "ascribo/render/evidence.h"

namespace ascribo {

Grid target_grid(const Explanation& explanation) {
  Grid grid;
  grid.title = "targets by " + unit_plural(explanation.unit);
  grid.is_signed = !scores_are_unsigned(explanation);
  for (std::size_t unit = 0; unit < explanation.units.size(); ++unit) {
    const bool written = explanation.units[unit].side == Side::kOutput;
    if (written && grid.divider == 0) grid.divider = unit;
    grid.columns.push_back(unit_name(explanation, unit));
  }
  for (const Attribution& attribution : explanation.attributions) {
    grid.rows.push_back(target_name(explanation, attribution));
    grid.values.insert(grid.values.end(), attribution.scores.begin(), attribution.scores.end());
  }
  return grid;
}

}  // namespace ascribo
