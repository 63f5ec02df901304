// SPDX-License-Identifier: MIT
// An explanation as a picture for papers and slides: standalone SVG, text that stays text.
#include "ascribo/base/error.h"
#include "ascribo/render/evidence.h"
#include "ascribo/render/figure/figures.h"
#include "ascribo/render/layers.h"
#include "ascribo/render/renderer.h"
#include "ascribo/render/written.h"

namespace ascribo {
namespace {

/// The table between tokens that says what a layer adds; the first of those there are.
const LayerTable& layer_table(const Explanation& shown) {
  const std::vector<const LayerTable*> tables = token_tables(shown);
  if (tables.empty()) {
    fail(Code::kInvalidArgument, "svg",
         "this figure shows layers, and " + shown.method.name + " has found nothing in them",
         "expected a method that has tables between tokens, such as alti",
         "--figure text or grid shows any explanation");
  }
  return *tables.front();
}

double draw_titled(Canvas& canvas, const Grid& grid, double top) {
  canvas.text(0, top + 12, grid.title, {.color = kMuted});
  return draw_grid(canvas, grid, top + 24);
}

double draw_layers(Canvas& canvas, const Explanation& shown, Figure figure, int layer, double top) {
  const LayerTable& table = layer_table(shown);
  const std::size_t row = scored_row(shown);
  if (figure == Figure::kFlow) return draw_flow(canvas, shown, table, row, top);
  if (figure == Figure::kLayers) return draw_titled(canvas, layer_grid(shown, table, row), top);
  if (layer >= table.shape[0]) {
    fail(Code::kInvalidArgument, "svg", "layer " + std::to_string(layer) + " is asked for",
         "there are layers 0 to " + std::to_string(table.shape[0] - 1));
  }
  const std::int64_t chosen = layer < 0 ? table.shape[0] - 1 : layer;
  return draw_titled(canvas, token_grid(shown, table, static_cast<std::size_t>(chosen)), top);
}

std::string item(const Explanation& given, const RenderOptions& options) {
  const Explanation shown = displayed(given);
  Canvas canvas(options.palette);
  switch (options.figure) {
    case Figure::kAuto: {
      const double end = explains_output(shown) ? draw_grid(canvas, target_grid(shown), 0)
                                                : draw_text(canvas, shown, 0);
      if (!token_tables(shown).empty()) draw_layers(canvas, shown, Figure::kFlow, -1, end);
      break;
    }
    case Figure::kText: draw_text(canvas, shown, 0); break;
    case Figure::kGrid: draw_grid(canvas, target_grid(shown), 0); break;
    default: draw_layers(canvas, shown, options.figure, options.layer, 0);
  }
  return canvas.str(shown.input.text);
}

std::string nothing(const RenderOptions&) { return {}; }

}  // namespace

const Renderer& renderer_svg() {
  static constexpr Renderer kRenderer{
      .name = "svg",
      .summary = "a picture for papers and slides: coloured text, heat maps, flow through layers",
      .begin = nothing,
      .item = item,
      .end = nothing,
      .single = true};
  return kRenderer;
}

}  // namespace ascribo
