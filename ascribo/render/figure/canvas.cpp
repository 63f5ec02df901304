// SPDX-License-Identifier: MIT
// Writes SVG 1.1 that every viewer and typesetter takes: presentation attributes, no style sheet.
#include "ascribo/render/figure/canvas.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ascribo/render/color.h"
#include "ascribo/render/figure/text_width.h"
#include "ascribo/render/html_escape.h"
#include "ascribo/render/visible.h"

namespace ascribo {
namespace {

constexpr double kMargin = 16;
constexpr std::string_view kFamily = "Helvetica, Arial, 'Liberation Sans', sans-serif";

std::string coordinate(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f", value == 0 ? 0.0 : value);
  std::string text = buffer;
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

std::string attribute(std::string_view name, double value) {
  return attribute(name, coordinate(value));
}

/// XML knows two code points fewer than HTML.
std::string escape_xml(std::string_view text) {
  std::string safe = escape_html(visible(text));
  for (const std::string_view none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    for (std::size_t at = 0; (at = safe.find(none, at)) != std::string::npos; at += none.size()) {
      safe.replace(at, none.size(), "\xEF\xBF\xBD");
    }
  }
  return safe;
}

}  // namespace

void Canvas::reach(double x, double y) {
  width_ = std::max(width_, x);
  height_ = std::max(height_, y);
}

void Canvas::rectangle(double x, double y, double width, double height, std::string_view fill,
                       double radius) {
  body_ += "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", width) +
           attribute("height", height) + attribute("fill", fill);
  if (radius > 0) body_ += attribute("rx", radius);
  body_ += "/>\n";
  reach(x + width, y + height);
}

void Canvas::shade(double x, double y, double width, double height, int level, double radius) {
  if (level != 0) rectangle(x, y, width, height, color(level), radius);
  reach(x + width, y + height);
}

std::string Canvas::color(int level) const {
  return "#" + hex(score_shade(palette_, Ground::kLight, level).background);
}

std::string Canvas::ink(int level) const {
  if (level == 0) return std::string(Font{}.color);
  return "#" + hex(score_shade(palette_, Ground::kLight, level).foreground);
}

void Canvas::text(double x, double y, std::string_view text, const Font& font) {
  const std::string shown = visible(text);
  if (shown.empty()) return;
  const double width = text_width(shown) * font.size;
  body_ += "<text" + attribute("x", x) + attribute("y", y) + attribute("font-size", font.size) +
           attribute("fill", font.color);
  if (width > 0) body_ += attribute("textLength", width) + " lengthAdjust=\"spacingAndGlyphs\"";
  if (font.bold) body_ += " font-weight=\"bold\"";
  if (font.anchor == Anchor::kMiddle) body_ += " text-anchor=\"middle\"";
  if (font.anchor == Anchor::kEnd) body_ += " text-anchor=\"end\"";
  if (!font.upright) {
    body_ += " transform=\"rotate(-90 " + coordinate(x) + " " + coordinate(y) + ")\"";
  }
  body_ += ">" + escape_xml(text) + "</text>\n";
  const double end = font.anchor == Anchor::kStart ? width
                     : font.anchor == Anchor::kEnd ? 0
                                                   : width / 2;
  if (font.upright) {
    reach(x + end, y + 0.25 * font.size);
  } else {
    reach(x + 0.25 * font.size, y);
  }
}

void Canvas::line(double x1, double y1, double x2, double y2, double width, std::string_view color,
                  double opacity) {
  if (y1 == y2 || x1 == x2) {
    body_ += "<path d=\"M" + coordinate(x1) + " " + coordinate(y1) + "L" + coordinate(x2) + " " +
             coordinate(y2) + "\"";
  } else {
    const double middle = (x1 + x2) / 2;
    body_ += "<path d=\"M" + coordinate(x1) + " " + coordinate(y1) + "C" + coordinate(middle) +
             " " + coordinate(y1) + " " + coordinate(middle) + " " + coordinate(y2) + " " +
             coordinate(x2) + " " + coordinate(y2) + "\"";
  }
  body_ += attribute("stroke", color) + attribute("stroke-width", width) + " fill=\"none\"";
  if (opacity < 1) {
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, "%.2f", opacity);
    body_ += attribute("stroke-opacity", buffer);
  }
  body_ += "/>\n";
  reach(std::max(x1, x2), std::max(y1, y2));
}

std::string Canvas::str(std::string_view title) const {
  const std::string width = coordinate(std::ceil(width_ + 2 * kMargin));
  const std::string height = coordinate(std::ceil(height_ + 2 * kMargin));
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" +
                    height + "\" viewBox=\"-16 -16 " + width + " " + height + "\" font-family=\"" +
                    std::string(kFamily) + "\" xml:space=\"preserve\" role=\"img\">\n<title>";
  svg += escape_xml(title) + "</title>\n<rect x=\"-16\" y=\"-16\" width=\"" + width +
         "\" height=\"" + height + "\" fill=\"#ffffff\"/>\n";
  return svg + body_ + "</svg>\n";
}

}  // namespace ascribo
