// SPDX-License-Identifier: MIT
// Explanations as text, pages and pictures.
#include "bindings.h"

namespace ascribo::python {
namespace {

RenderOptions render_options(const std::string& title, bool color, int width,
                             const std::string& palette, const std::string& figure) {
  RenderOptions options;
  options.title = title;
  options.color = color ? ColorDepth::k24Bit : ColorDepth::kNone;
  options.width = width;
  if (palette == "blue_orange") {
    options.palette = Palette::kBlueOrange;
  } else if (palette != "green_red") {
    fail(Code::kInvalidArgument, "palette", "it is \"" + palette + "\"",
         "expected green_red or blue_orange");
  }
  if (figure == "text") {
    options.figure = Figure::kText;
  } else if (figure == "grid") {
    options.figure = Figure::kGrid;
  } else if (figure != "auto") {
    fail(Code::kInvalidArgument, "figure", "it is \"" + figure + "\"",
         "expected auto, text or grid");
  }
  return options;
}

std::string document(const std::string& form, const std::vector<const Explanation*>& explanations,
                     const RenderOptions& options) {
  const Renderer& renderer = find_renderer(form);
  if (renderer.single && explanations.size() != 1) {
    fail(Code::kInvalidArgument, form,
         std::to_string(explanations.size()) + " explanations were given",
         "expected one: its document holds no more");
  }
  std::string text = renderer.begin(options);
  for (const Explanation* each : explanations) text += renderer.item(*each, options);
  return text + renderer.end(options);
}

}  // namespace

void bind_render(nb::module_& module) {
  module.def(
      "render",
      [](const std::string& form, const std::vector<const Explanation*>& explanations,
         const std::string& title, bool color, int width, const std::string& palette,
         const std::string& figure) {
        return document(form, explanations, render_options(title, color, width, palette, figure));
      },
      "form"_a, "explanations"_a, nb::kw_only(), "title"_a = "Ascribo", "color"_a = false,
      "width"_a = 80, "palette"_a = "green_red", "figure"_a = "auto",
      "A whole document: form is html, json, terminal, svg, latex or csv.");
  module.def(
      "write_file",
      [](const std::filesystem::path& path, std::string_view content) {
        OutputFile file(path.string());
        file.write(std::string(content));
        file.commit();
      },
      "path"_a, "content"_a, nb::call_guard<nb::gil_scoped_release>(),
      "Writes a file that appears whole, or not at all.");
}

}  // namespace ascribo::python
