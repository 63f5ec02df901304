// SPDX-License-Identifier: MIT
// The pictures that an explanation can be drawn as. Each begins at `top` and returns where the next
// may begin.
#pragma once

#include "ascribo/explain/explanation.h"
#include "ascribo/render/figure/canvas.h"
#include "ascribo/render/grid.h"

namespace ascribo {

/// The text in its colours for every target, as the explanation is displayed.
double draw_text(Canvas& canvas, const Explanation& shown, double top);

/// A heat map; all cells on one scale.
double draw_grid(Canvas& canvas, const Grid& grid, double top);

/// How what a token holds came through the layers, by a token table.
double draw_flow(Canvas& canvas, const Explanation& shown, const LayerTable& table, std::size_t row,
                 double top);

/// The legend: what the colours of scores up to `strongest` mean.
double draw_scale(Canvas& canvas, double strongest, bool is_signed, double top);

}  // namespace ascribo
