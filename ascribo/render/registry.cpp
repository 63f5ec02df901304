// SPDX-License-Identifier: MIT
// Knows every renderer by its name.
#include <algorithm>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/render/renderer.h"

namespace ascribo {

#define X(stem) const Renderer& renderer_##stem();
#include "ascribo/render/table.inc"
#undef X

const std::vector<const Renderer*>& renderers() {
  static const std::vector<const Renderer*> kTable{
#define X(stem) &renderer_##stem(),
#include "ascribo/render/table.inc"
#undef X
  };
  return kTable;
}

const Renderer& find_renderer(std::string_view name) {
  std::vector<std::string> names;
  for (const Renderer* renderer : renderers()) {
    if (renderer->name == name) return *renderer;
    names.emplace_back(renderer->name);
  }
  fail(Code::kUnknownName, "render", "no renderer is called \"" + std::string(name) + "\"",
       "there are " + listed(names), nearest_hint(name, names));
}

std::string render(const Renderer& renderer, const Explanation& explanation,
                   const RenderOptions& options) {
  return renderer.begin(options) + renderer.item(explanation, options) + renderer.end(options);
}

}  // namespace ascribo
