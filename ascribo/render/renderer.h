// SPDX-License-Identifier: MIT
// Turns explanations into text for people and programs; computes nothing anew.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ascribo/explain/explanation.h"

namespace ascribo {

enum class ColorDepth { kNone, k256, k24Bit };
enum class Palette {
  kGreenRed,    ///< green pushes toward the target, red away
  kBlueOrange,  ///< the same, safe for colour-blind readers
};

/// What the reader's terminal shows behind the text.
enum class Ground { kDark, kLight };

/// What a picture shows.
enum class Figure {
  kAuto,    ///< the text; of a continuation the grid; and the flow, where layers are known
  kText,    ///< the text in its colours, for each target
  kGrid,    ///< targets by units, as a heat map
  kLayers,  ///< layers by tokens: what the row of one token is made of, layer by layer
  kTokens,  ///< one layer: the tokens that receive by those they receive from
  kFlow,    ///< tokens as columns for each layer, joined by lines as thick as what flowed
};

struct RenderOptions {
  ColorDepth color = ColorDepth::k24Bit;  ///< terminal only
  Palette palette = Palette::kGreenRed;
  Ground ground = Ground::kDark;  ///< terminal only; a page has both
  int width = 80;                 ///< terminal columns
  std::string title = "Ascribo";  ///< HTML only
  Figure figure = Figure::kAuto;  ///< SVG only
  int layer = -1;                 ///< SVG only: of Figure::kTokens; -1: the last
};

/// One output form; a file in render/ that defines `const Renderer& renderer_<file stem>()`.
/// A document is begin, any number of items in order, end; nothing has to be held in memory.
struct Renderer {
  std::string_view name;
  std::string_view summary;
  std::string (*begin)(const RenderOptions& options);
  std::string (*item)(const Explanation& explanation, const RenderOptions& options);
  std::string (*end)(const RenderOptions& options);
  bool single = false;  ///< a document holds one item and no more
};

const std::vector<const Renderer*>& renderers();
/// Errors: kUnknownName with the nearest name.
const Renderer& find_renderer(std::string_view name);
/// A whole document of one explanation.
std::string render(const Renderer& renderer, const Explanation& explanation,
                   const RenderOptions& options = {});

}  // namespace ascribo
