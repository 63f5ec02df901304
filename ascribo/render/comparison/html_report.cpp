// SPDX-License-Identifier: MIT
// A comparison as a page in one file: table, differences, curves, example texts. No script.
#include <algorithm>
#include <cmath>

#include "ascribo/render/color.h"
#include "ascribo/render/comparison/cells.h"
#include "ascribo/render/comparison/comparison_views.h"
#include "ascribo/render/html_escape.h"
#include "ascribo/render/number.h"

namespace ascribo {
namespace {

constexpr std::string_view kStyle = R"(
:root{--page:#f7f7f4;--card:#fff;--ink:#1b1d22;--muted:#62656d;--line:#e3e3de;color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{--page:#121317;--card:#1b1d22;--ink:#e8e9ec;
--muted:#a0a3ad;--line:#2e3139}}
body{font:15px/1.5 system-ui,sans-serif;background:var(--page);color:var(--ink);margin:2rem auto;
max-width:72rem;padding:0 1rem}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1rem 1.25rem;
margin:1rem 0;overflow-x:auto}
table{border-collapse:collapse}th,td{padding:.3rem .8rem;text-align:right;white-space:nowrap;
border-bottom:1px solid var(--line)}th:first-child,td:first-child{text-align:left}
.best{font-weight:700}.muted{color:var(--muted)}
svg{max-width:100%;height:auto}svg text{fill:var(--ink);font:12px system-ui,sans-serif}
.axis{stroke:var(--muted)}.curve{fill:none;stroke-width:2}
.units span{border-radius:3px;padding:.1rem .2rem}
.units{white-space:normal;text-align:left;line-height:2}
)";

// Told apart by lightness and by dashes, too (Okabe and Ito 2008).
constexpr std::string_view kLineColors[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                            "#e69f00", "#56b4e9", "#8c6d31", "#7f7f7f"};
constexpr std::string_view kDashes[] = {"", "6 3", "2 3", "8 3 2 3"};

std::string shade_class(int level) {
  return (level > 0 ? "p" : "n") + std::to_string(std::abs(level));
}

std::string style() {
  std::string css(kStyle);
  for (int level = 1; level <= kLevels; ++level) {
    for (const int sign : {1, -1}) {
      const Shade shade = score_shade(Palette::kGreenRed, Ground::kLight, sign * level);
      css += "." + shade_class(sign * level) + "{background:#" + hex(shade.background) +
             ";color:#" + hex(shade.foreground) + "}\n";
    }
  }
  for (std::size_t i = 0; i < std::size(kLineColors); ++i) {
    css += ".l" + std::to_string(i) + "{stroke:" + std::string(kLineColors[i]) + "}\n";
  }
  return css;
}

std::string table(const Comparison& comparison) {
  std::string html = "<section><table><thead><tr><th scope=col></th>";
  for (const ComparisonColumn& column : comparison.columns) {
    html += "<th scope=col title=\"" + escape_html(column.summary) + "\">" +
            escape_html(column.label) + "<br><small class=muted>" + direction_text(column) +
            "</small></th>";
  }
  html +=
      "<th scope=col>time</th><th scope=col>forwards</th><th scope=col>backwards</th></tr></thead>"
      "<tbody>\n";
  for (const ComparisonRow& row : comparison.rows) {
    const bool own = row.ranking == "method";
    html += "<tr" + std::string(own ? "" : " class=muted") + "><th scope=row>" +
            escape_html(row.name()) + "</th>";
    for (std::size_t c = 0; c < comparison.columns.size(); ++c) {
      const int decimals = column_decimals(comparison, c);
      if (!row.cells[c]) {
        html += "<td class=muted>n/a</td>";
        continue;
      }
      html += "<td" + std::string(row.cells[c]->best ? " class=best" : "") +
              " title=\"95 %: " + plain_number(row.cells[c]->low, decimals) + " to " +
              plain_number(row.cells[c]->high, decimals) + "\">" + cell_mean(row, c, decimals) +
              " <small class=muted>&plusmn;" + cell_error(row, c, decimals) + "</small></td>";
    }
    html += own ? "<td>" + duration(row.seconds) + "</td><td>" + plain_number(row.forwards, 1) +
                      "</td><td>" + plain_number(row.backwards, 1) + "</td></tr>\n"
                : "<td></td><td></td><td></td></tr>\n";
  }
  return html +
         "</tbody></table><p class=muted>Mean and standard error over texts; time and runs of the "
         "model per text. Bold: no other method is significantly better (paired sign-flip test, "
         "p &lt; 0.05 after Holm's correction).</p></section>\n";
}

std::string differences(const Comparison& comparison) {
  std::string html;
  for (std::size_t c = 0; c < comparison.columns.size(); ++c) {
    const std::vector<std::string> lines = difference_lines(comparison, c);
    if (lines.empty()) continue;
    html += "<h3>" + escape_html(comparison.columns[c].label) + "</h3><ul>";
    for (const std::string& line : lines) html += "<li>" + escape_html(line) + "</li>";
    html += "</ul>\n";
  }
  return html.empty() ? html : "<section><h2>Significant differences</h2>" + html + "</section>\n";
}

struct Range {
  double low = INFINITY, high = -INFINITY;
};

Range curve_range(const Comparison& comparison, std::size_t column) {
  Range range;
  for (const ComparisonRow& row : comparison.rows) {
    if (!row.cells[column]) continue;
    for (const double value : row.cells[column]->curve) {
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
  }
  if (range.high - range.low < 1e-9) range.high = range.low + 1e-9;
  return range;
}

constexpr double kLeft = 60, kRight = 440, kTop = 20, kBottom = 260;

std::string polyline(const std::vector<double>& curve, const Range& range, std::size_t number) {
  std::string points;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const double x =
        kLeft + (kRight - kLeft) * static_cast<double>(i) / static_cast<double>(curve.size() - 1);
    const double y = kBottom - (kBottom - kTop) * (curve[i] - range.low) / (range.high - range.low);
    points += plain_number(x, 1) + "," + plain_number(y, 1) + " ";
  }
  const std::string_view dash = kDashes[number / std::size(kLineColors) % std::size(kDashes)];
  return "<polyline class=\"curve l" + std::to_string(number % std::size(kLineColors)) +
         "\" stroke-dasharray=\"" + std::string(dash) + "\" points=\"" + points + "\"/>";
}

std::string legend_entry(std::size_t number, const std::string& name) {
  const std::string y = plain_number(kTop + 16 * static_cast<double>(number), 0);
  return "<line class=\"curve l" + std::to_string(number % std::size(kLineColors)) +
         "\" x1=\"460\" x2=\"484\" y1=\"" + y + "\" y2=\"" + y + "\"/><text x=\"490\" y=\"" + y +
         "\" dominant-baseline=\"middle\">" + escape_html(name) + "</text>";
}

std::string curves(const Comparison& comparison, std::size_t column) {
  const Range range = curve_range(comparison, column);
  std::string lines, legend;
  std::size_t number = 0;
  for (const ComparisonRow& row : comparison.rows) {
    if (!row.cells[column] || row.cells[column]->curve.size() < 2) continue;
    if (row.ranking == "reversed") continue;
    lines += polyline(row.cells[column]->curve, range, number);
    legend += legend_entry(number, row.name());
    ++number;
  }
  if (number == 0) return "";
  const std::string& label = comparison.columns[column].label;
  const std::string steps = escape_html(comparison.columns[column].steps);
  return "<h3>" + escape_html(label) +
         "</h3><svg viewBox=\"0 0 700 300\" width=\"700\" role=img aria-label=\"" +
         escape_html(label) + ", mean by share of " + steps +
         "\"><path class=axis fill=none d=\"M" + plain_number(kLeft, 0) + "," +
         plain_number(kTop, 0) + "V" + plain_number(kBottom, 0) + "H" + plain_number(kRight, 0) +
         "\"/><text x=\"55\" y=\"24\" text-anchor=\"end\">" + plain_number(range.high, 3) +
         "</text><text x=\"55\" y=\"260\" text-anchor=\"end\">" + plain_number(range.low, 3) +
         "</text><text x=\"60\" y=\"280\">no " + steps + "</text>" +
         "<text x=\"440\" y=\"280\" text-anchor=\"end\">all " + steps + "</text>" + lines + legend +
         "</svg>\n";
}

std::string all_curves(const Comparison& comparison) {
  std::string html;
  for (std::size_t c = 0; c < comparison.columns.size(); ++c) html += curves(comparison, c);
  if (html.empty()) return html;
  return "<section><h2>Curves</h2><p class=muted>Over units, the model's mean score while those "
         "ranked highest come or go first; over layers, how far scores agree with what they were "
         "while weights become random from the top.</p>" +
         html + "</section>\n";
}

std::string shown_units(const ComparisonExample& example, const std::vector<double>& scores) {
  double strongest = 0;
  for (const double score : scores) {
    if (std::isfinite(score)) strongest = std::max(strongest, std::abs(score));
  }
  std::string html;
  for (std::size_t u = 0; u < example.units.size() && u < scores.size(); ++u) {
    const int level = color_level(scores[u], strongest);
    html += "<span" + (level == 0 ? std::string() : " class=" + shade_class(level)) + " title=\"" +
            signed_number(scores[u], 4) + "\">" + escape_html(example.units[u]) + "</span> ";
  }
  return html;
}

std::string examples(const Comparison& comparison) {
  std::string html;
  for (const ComparisonExample& example : comparison.examples) {
    html += "<h3>" + escape_html(example.text) +
            "</h3><p class=muted>target: " + escape_html(example.target) + "</p><table><tbody>";
    for (std::size_t m = 0; m < example.methods.size(); ++m) {
      html += "<tr><th scope=row>" + escape_html(example.methods[m]) + "</th><td class=units>" +
              shown_units(example, example.scores[m]) + "</td></tr>";
    }
    html += "</tbody></table>\n";
  }
  return html.empty() ? html : "<section><h2>Examples</h2>" + html + "</section>\n";
}

}  // namespace

std::string comparison_html(const Comparison& comparison) {
  const std::string css = style();
  return "<!doctype html>\n<html lang=en><head><meta charset=utf-8><meta name=viewport "
         "content=\"width=device-width\"><meta http-equiv=Content-Security-Policy "
         "content=\"default-src 'none'; style-src " +
         policy_hash(css) +
         "\">"
         "<title>Comparison of methods</title><style>" +
         css +
         "</style></head><body>\n<h1>Comparison "
         "of methods</h1><p class=muted>" +
         escape_html(texts_line(comparison)) + ". Model: " + escape_html(comparison.model) +
         ". Unit: " + escape_html(comparison.unit) + ". Score: " + escape_html(comparison.score) +
         ".</p>\n" + table(comparison) + differences(comparison) + all_curves(comparison) +
         examples(comparison) + "</body></html>\n";
}

}  // namespace ascribo
