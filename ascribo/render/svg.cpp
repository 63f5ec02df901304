// SPDX-License-Identifier: MIT
// An explanation as a picture for papers and slides: standalone SVG, text that stays text.
#include "ascribo/render/evidence.h"
#include "ascribo/render/figure/figures.h"
#include "ascribo/render/renderer.h"
#include "ascribo/render/written.h"

namespace ascribo {
namespace {

std::string item(const Explanation& given, const RenderOptions& options) {
  const Explanation shown = displayed(given);
  Canvas canvas(options.palette);
  const bool grid =
      options.figure == Figure::kAuto ? explains_output(shown) : options.figure == Figure::kGrid;
  if (grid) {
    draw_grid(canvas, target_grid(shown), 0);
  } else {
    draw_text(canvas, shown, 0);
  }
  return canvas.str(shown.input.text);
}

std::string nothing(const RenderOptions&) { return {}; }

}  // namespace

const Renderer& renderer_svg() {
  static constexpr Renderer kRenderer{
      .name = "svg",
      .summary = "a picture for papers and slides: coloured text or a heat map",
      .begin = nothing,
      .item = item,
      .end = nothing,
      .single = true};
  return kRenderer;
}

}  // namespace ascribo
