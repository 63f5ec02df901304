// SPDX-License-Identifier: MIT
// One page that needs nothing else: the same markup for one text and for thousands, laid out by
// page/page.css; page/page.js adds interaction to what is already there.
#include "ascribo/render/color.h"
#include "ascribo/render/html_escape.h"
#include "ascribo/render/html_item.h"
#include "ascribo/render/renderer.h"

namespace ascribo {
namespace {

constexpr std::string_view kPageCss =
#include "ascribo/render/page/page.css.inc"
    ;
constexpr std::string_view kPageJs =
#include "ascribo/render/page/page.js.inc"
    ;

constexpr std::string_view kMapJs =
#include "ascribo/render/page/page_map.js.inc"
    ;

constexpr std::string_view kLayersJs =
#include "ascribo/render/page/page_layers.js.inc"
    ;

// The mark of the house as an icon: without one, browsers would ask for /favicon.ico.
constexpr std::string_view kIcon =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect x='1' y='2' width='9' height='5' rx='1.5' fill='%232fa866'/%3E"
    "%3Crect x='5' y='9' width='10' height='5' rx='1.5' fill='%23e0574f'/%3E%3C/svg%3E";

/// Custom properties of one palette on one ground: --p1 .. --n16 and the ink on each.
std::string scale_variables(Palette palette, Ground ground) {
  std::string css;
  for (int level = 1; level <= kLevels; ++level) {
    for (int sign : {1, -1}) {
      const Shade shade = score_shade(palette, ground, sign * level);
      const std::string name = (sign > 0 ? "--p" : "--n") + std::to_string(level);
      css.append(name).append(":#").append(hex(shade.background)).append(";");
      css.append(name).append("-ink:#").append(hex(shade.foreground)).append(";");
    }
  }
  return css;
}

/// On paper the ground is always light, hence the dark rules for screens only.
std::string scale_css() {
  const std::string dark_green = scale_variables(Palette::kGreenRed, Ground::kDark);
  const std::string dark_blue = scale_variables(Palette::kBlueOrange, Ground::kDark);
  std::string css = ":root{" + scale_variables(Palette::kGreenRed, Ground::kLight) + "}\n";
  css +=
      ":root[data-palette=blue]{" + scale_variables(Palette::kBlueOrange, Ground::kLight) + "}\n";
  css += "@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){" +
         dark_green + "}\n:root:not([data-theme=light])[data-palette=blue]{" + dark_blue + "}}\n";
  css += "@media screen{:root[data-theme=dark]{" + dark_green +
         "}\n:root[data-theme=dark][data-palette=blue]{" + dark_blue + "}}\n";
  for (int level = 1; level <= kLevels; ++level) {
    for (const char* sign : {"p", "n"}) {
      const std::string name = sign + std::to_string(level);
      css.append(".").append(name).append("{background:var(--").append(name);
      css.append(");color:var(--").append(name).append("-ink)}\n");
    }
  }
  return css;
}

const std::string& style() {
  static const std::string kStyle = std::string(kPageCss) + scale_css();
  return kStyle;
}

const std::string& script() {
  static const std::string kScript =
      std::string(kPageJs) + std::string(kMapJs) + std::string(kLayersJs);
  return kScript;
}

std::string policy() {
  return "default-src 'none'; style-src " + policy_hash(style()) + "; script-src " +
         policy_hash(script()) + "; img-src data:; base-uri 'none'; form-action 'none'";
}

std::string choice(std::string_view group, std::string_view value, std::string_view label,
                   bool pressed) {
  return "<button type=\"button\" data-" + std::string(group) + "=\"" + std::string(value) +
         "\" aria-pressed=\"" + (pressed ? "true" : "false") + "\">" + std::string(label) +
         "</button>";
}

std::string tools(const RenderOptions& options) {
  const bool blue = options.palette == Palette::kBlueOrange;
  std::string html = "<div class=\"tools\">";
  html += "<div class=\"choices\" role=\"group\" aria-label=\"Colours\">";
  html += choice("palette-is", "green", "Green / red", !blue);
  html += choice("palette-is", "blue", "Blue / orange", blue) + "</div>";
  html += "<div class=\"choices\" role=\"group\" aria-label=\"Theme\">";
  html += choice("theme-is", "auto", "Auto", true) + choice("theme-is", "light", "Light", false);
  html += choice("theme-is", "dark", "Dark", false) + "</div></div>";
  return html;
}

std::string filters() {
  std::string html = "<div class=\"overview\"><div class=\"choices\" role=\"group\" ";
  html += "aria-label=\"Texts shown\">";
  html +=
      choice("show", "all", "All <b></b>", true) + choice("show", "right", "Right <b></b>", false);
  html += choice("show", "wrong", "Wrong <b></b>", false) + "</div>";
  html += "<p class=\"shown\" role=\"status\"></p>" + html_scale("", "") + "</div>\n";
  return html;
}

std::string begin(const RenderOptions& options) {
  const std::string title = escape_html(options.title);
  std::string html = "<!doctype html>\n<html lang=\"en\" data-palette=\"";
  html += options.palette == Palette::kBlueOrange ? "blue" : "green";
  html += "\">\n<head>\n<meta charset=\"utf-8\">\n";
  html += "<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy() + "\">\n";
  html += "<meta name=\"referrer\" content=\"no-referrer\">\n";
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  html += "<meta name=\"color-scheme\" content=\"light dark\">\n";
  html += "<title>" + title + "</title>\n<link rel=\"icon\" href=\"" + std::string(kIcon) + "\">\n";
  html += "<style>" + style() + "</style>\n<script>" + script() + "</script>\n";
  html += "</head>\n<body>\n<header class=\"bar\"><span class=\"logo\" aria-hidden=\"true\">";
  html += "<i class=\"p12\"></i><i class=\"n12\"></i></span><h1>" + title + "</h1>";
  html += tools(options) + "</header>\n<main>\n" + filters();
  html += "<table class=\"items\">\n" + html_table_head() + "\n";
  return html;
}

std::string item(const Explanation& explanation, const RenderOptions&) {
  return html_item(explanation);
}

std::string end(const RenderOptions&) {
  return "</table>\n</main>\n<div id=\"tip\" role=\"tooltip\" hidden></div>\n</body>\n</html>\n";
}

}  // namespace

const Renderer& renderer_html() {
  static constexpr Renderer kRenderer{
      "html", "a self-contained page: colours, scores on hover, a table for many", begin, item,
      end};
  return kRenderer;
}

}  // namespace ascribo
