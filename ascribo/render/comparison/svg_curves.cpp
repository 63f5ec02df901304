// SPDX-License-Identifier: MIT
// Curves of a comparison as a standalone picture: a panel for each column, one legend.
#include <algorithm>
#include <cmath>

#include "ascribo/render/comparison/comparison_views.h"
#include "ascribo/render/html_escape.h"
#include "ascribo/render/number.h"

namespace ascribo {
namespace {

constexpr double kWidth = 300, kHeight = 220, kLeft = 46, kTop = 30, kGap = 64, kLegend = 190;
constexpr std::string_view kMuted = "#62656d";
// Told apart by lightness and by dashes, too (Okabe and Ito 2008).
constexpr std::string_view kLines[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                       "#e69f00", "#56b4e9", "#8c6d31", "#7f7f7f"};
constexpr std::string_view kDashes[] = {"", "6 3", "2 3", "8 3 2 3"};

struct Range {
  double low = INFINITY, high = -INFINITY;
  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  double share(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

std::string text(double x, double y, std::string_view anchor, std::string_view color,
                 const std::string& content) {
  return "<text x=\"" + plain_number(x, 1) + "\" y=\"" + plain_number(y, 1) + "\" text-anchor=\"" +
         std::string(anchor) + "\" fill=\"" + std::string(color) + "\">" + escape_html(content) +
         "</text>\n";
}

std::string stroke(std::size_t number) {
  const std::string_view dash = kDashes[number / std::size(kLines) % std::size(kDashes)];
  return "fill=\"none\" stroke-width=\"1.8\" stroke=\"" +
         std::string(kLines[number % std::size(kLines)]) + "\"" +
         (dash.empty() ? "" : " stroke-dasharray=\"" + std::string(dash) + "\"");
}

const std::vector<double>* curve_of(const ComparisonRow& row, std::size_t column) {
  if (!row.cells[column] || row.cells[column]->curve.size() < 2) return nullptr;
  return &row.cells[column]->curve;
}

Range heights(const Comparison& comparison) {
  Range range;
  for (const ComparisonRow& row : comparison.rows) {
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      const std::vector<double>* curve = curve_of(row, c);
      for (std::size_t i = 0; curve != nullptr && i < curve->size(); ++i) range.add((*curve)[i]);
    }
  }
  return range;
}

std::string panel(const Comparison& comparison, std::size_t column, double left,
                  const std::vector<double>& places, const std::string& axis) {
  const Range y = heights(comparison);
  Range x;
  for (const double place : places) x.add(place);
  const double bottom = kTop + kHeight;
  std::string svg = text(left, kTop - 12, "start", "#15171b", comparison.columns[column].label);
  svg += "<path d=\"M" + plain_number(left, 1) + " " + plain_number(kTop, 1) + "V" +
         plain_number(bottom, 1) + "H" + plain_number(left + kWidth, 1) +
         "\" fill=\"none\" stroke=\"#a0a3ad\"/>\n";
  svg += text(left - 6, kTop + 4, "end", kMuted, plain_number(y.high, 3));
  svg += text(left - 6, bottom, "end", kMuted, plain_number(y.low, 3));
  svg += text(left, bottom + 16, "middle", kMuted, plain_number(x.low, x.high > 1 ? 0 : 2));
  svg +=
      text(left + kWidth, bottom + 16, "middle", kMuted, plain_number(x.high, x.high > 1 ? 0 : 2));
  svg += text(left + kWidth / 2, bottom + 16, "middle", kMuted, axis);
  for (std::size_t r = 0; r < comparison.rows.size(); ++r) {
    const std::vector<double>* curve = curve_of(comparison.rows[r], column);
    if (curve == nullptr) continue;
    std::string points;
    for (std::size_t i = 0; i < curve->size() && i < places.size(); ++i) {
      points += (i > 0 ? " " : "") + plain_number(left + kWidth * x.share(places[i]), 1) + "," +
                plain_number(bottom - kHeight * y.share((*curve)[i]), 1);
    }
    svg += "<polyline " + stroke(r) + " points=\"" + points + "\"/>\n";
  }
  return svg;
}

}  // namespace

std::string comparison_svg(const Comparison& comparison, const std::vector<double>& places,
                           const std::string& axis) {
  const auto columns = static_cast<double>(comparison.columns.size());
  const double legend = kLeft + columns * (kWidth + kGap) - kGap / 2;
  const double height =
      std::max(kTop + kHeight + 26, kTop + 18 * static_cast<double>(comparison.rows.size()));
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" +
                    plain_number(legend + kLegend, 0) + "\" height=\"" + plain_number(height, 0) +
                    "\" font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\" "
                    "font-size=\"11\" role=\"img\">\n<title>" +
                    escape_html(axis) +
                    "</title>\n<rect width=\"100%\" height=\"100%\" "
                    "fill=\"#ffffff\"/>\n";
  for (std::size_t c = 0; c < comparison.columns.size(); ++c) {
    svg += panel(comparison, c, kLeft + static_cast<double>(c) * (kWidth + kGap), places, axis);
  }
  for (std::size_t r = 0; r < comparison.rows.size(); ++r) {
    const double y = kTop + 18 * static_cast<double>(r);
    svg += "<path d=\"M" + plain_number(legend, 1) + " " + plain_number(y, 1) + "h24\" " +
           stroke(r) + "/>\n" +
           text(legend + 30, y + 4, "start", "#15171b", comparison.rows[r].name());
  }
  return svg + "</svg>\n";
}

}  // namespace ascribo
