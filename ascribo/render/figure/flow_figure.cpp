// SPDX-License-Identifier: MIT
// Draws how information flowed: a column of tokens for each layer, joined by lines.
#include <algorithm>

#include "ascribo/render/color.h"
#include "ascribo/render/figure/figures.h"
#include "ascribo/render/figure/text_width.h"
#include "ascribo/render/layers.h"
#include "ascribo/render/visible.h"

namespace ascribo {
namespace {

constexpr double kSize = 11, kRow = 19, kColumn = 64, kThickest = 9, kDot = 2.4;
constexpr double kLeast = 0.02;  // of the strongest line: thinner ones cannot be seen

}  // namespace

double draw_flow(Canvas& canvas, const Explanation& shown, const LayerTable& table, std::size_t row,
                 double top) {
  const std::vector<std::string> names = token_names(shown);
  const auto layers = static_cast<std::size_t>(table.shape[0]);
  double left = 0;
  for (const std::string& name : names) left = std::max(left, text_width(visible(name)) * kSize);
  left += 10;
  const double head = top + 22;
  const auto x = [&](std::size_t layer) { return left + static_cast<double>(layer) * kColumn; };
  const auto y = [&](std::size_t token) {
    return head + (static_cast<double>(token) + 0.5) * kRow;
  };
  for (std::size_t layer = 0; layer < layers; ++layer) {
    canvas.text(x(layer) + kColumn / 2, top + 12, std::to_string(layer),
                {.size = kSize, .color = kMuted, .anchor = Anchor::kMiddle});
  }
  canvas.text(x(layers) + 8, top + 12, "layer", {.size = kSize, .color = kMuted});
  const std::vector<Flow> all = flows(shown, table, row, kLeast);
  double strongest = 0;
  for (const Flow& flow : all) strongest = std::max(strongest, flow.weight);
  for (const Flow& flow : all) {
    const double share = flow.weight / strongest;
    canvas.line(x(flow.layer), y(flow.from), x(flow.layer + 1), y(flow.to),
                std::max(0.4, share * kThickest), canvas.color(kLevels), 0.25 + 0.6 * share);
  }
  for (std::size_t token = 0; token < names.size(); ++token) {
    canvas.text(left - 10, y(token) + 0.35 * kSize, names[token],
                {.size = kSize, .anchor = Anchor::kEnd});
    for (std::size_t layer = 0; layer <= layers; ++layer) {
      const bool end = layer == layers;
      canvas.rectangle(x(layer) - kDot / 2, y(token) - kDot / 2, kDot, kDot,
                       end && token == row ? "#15171b" : "#c9c9c4", kDot / 2);
    }
  }
  canvas.text(x(layers) + 8, y(row) + 0.35 * kSize, names[row], {.size = kSize, .bold = true});
  return head + static_cast<double>(names.size()) * kRow + 14;
}

}  // namespace ascribo
