// SPDX-License-Identifier: MIT
// An explanation as LaTeX to \input: coloured text and a table of scores, with xcolor alone.
#include <algorithm>
#include <cmath>

#include "ascribo/render/color.h"
#include "ascribo/render/evidence.h"
#include "ascribo/render/latex_escape.h"
#include "ascribo/render/number.h"
#include "ascribo/render/renderer.h"
#include "ascribo/render/segments.h"

namespace ascribo {
namespace {

constexpr std::size_t kRowsOnPage = 40, kTableColumns = 8;

/// One word of a unit; lines break between words, never inside a box.
std::string box(std::string_view word, int level, Palette palette) {
  if (word.empty()) return {};
  if (level == 0) return escape_latex(word);
  const Shade shade = score_shade(palette, Ground::kLight, level);
  return "\\ascribobox{" + hex(shade.background) + "}{" + hex(shade.foreground) + "}{" +
         escape_latex(word) + "}";
}

std::string boxes(std::string_view text, int level, Palette palette) {
  std::string latex;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    latex += box(text.substr(0, end), level, palette);
    text.remove_prefix(end);
    if (text.empty()) break;
    const bool again = text.size() > 1 && (text[1] == ' ' || text[1] == '\n');
    latex += text[0] == '\n' ? "\\newline{}" : again ? "\\ " : " ";
    text.remove_prefix(1);
  }
  return latex;
}

std::string paragraph(const Explanation& shown, Side side, const Attribution& attribution,
                      Palette palette) {
  const double largest = strongest(attribution.scores);
  std::string latex = "\\noindent ";
  for (const Segment& segment : segments(shown, side)) {
    const int level = segment.unit ? color_level(attribution.scores[*segment.unit], largest) : 0;
    const std::string text = boxes(segment.text, level, palette);
    latex += segment.inserted ? " {\\footnotesize " + text + "} " : text;
  }
  return latex + "\\par\n";
}

std::string colored_text(const Explanation& shown, const Attribution& attribution,
                         const RenderOptions& options) {
  std::string latex = "\\noindent\\textbf{" + escape_latex(target_name(shown, attribution));
  latex += "}\\quad " + escape_latex(shown.score) + " $";
  latex += plain_number(attribution.value, evidence_decimals(shown.attributions)) + "$\\par\n";
  latex += paragraph(shown, Side::kText, attribution, options.palette);
  if (shown.input.pair) latex += paragraph(shown, Side::kPair, attribution, options.palette);
  if (shown.output) latex += paragraph(shown, Side::kOutput, attribution, options.palette);
  return latex + "\\medskip\n";
}

std::string table_head(const Explanation& shown) {
  std::string latex =
      "\\noindent\\begin{tabular}{l" + std::string(shown.attributions.size(), 'r') + "}\n\\hline\n";
  latex += escape_latex(shown.unit);
  for (const Attribution& attribution : shown.attributions) {
    latex += " & " + escape_latex(target_name(shown, attribution));
  }
  return latex + " \\\\\n\\hline\n";
}

/// Units down, targets across; in parts that fit a page. Nothing where targets are too many.
std::string table(const Explanation& shown) {
  if (shown.units.empty() || shown.attributions.empty()) return {};
  if (shown.attributions.size() > kTableColumns) {
    return "% " + std::to_string(shown.attributions.size()) +
           " targets: too many for a table; --csv writes one\n";
  }
  std::vector<int> decimals;
  for (const Attribution& attribution : shown.attributions) {
    decimals.push_back(decimals_for(strongest(attribution.scores)));
  }
  std::string latex;
  for (std::size_t unit = 0; unit < shown.units.size(); ++unit) {
    if (unit % kRowsOnPage == 0) latex += table_head(shown);
    latex += escape_latex(unit_name(shown, unit));
    for (std::size_t target = 0; target < shown.attributions.size(); ++target) {
      const float score = shown.attributions[target].scores[unit];
      latex += " & ";
      if (std::isfinite(score)) latex += "$" + plain_number(score, decimals[target]) + "$";
    }
    latex += " \\\\\n";
    const bool last = unit + 1 == shown.units.size();
    if (last || (unit + 1) % kRowsOnPage == 0) latex += "\\hline\n\\end{tabular}\\par\\medskip\n";
  }
  return latex;
}

std::string begin(const RenderOptions&) {
  return "% For \\input in a document that has \\usepackage{xcolor}. Scripts beyond Latin need "
         "LuaLaTeX or XeLaTeX.\n"
         "\\providecommand{\\ascribobox}[3]{{\\setlength{\\fboxsep}{1pt}"
         "\\colorbox[HTML]{#1}{\\strut\\textcolor[HTML]{#2}{#3}}}}\n";
}

std::string item(const Explanation& given, const RenderOptions& options) {
  const Explanation shown = displayed(given);
  std::string latex = "\\begingroup\\raggedright\n";
  for (const Attribution& attribution : shown.attributions) {
    latex += colored_text(shown, attribution, options);
  }
  return latex + table(shown) + "\\endgroup\n";
}

std::string end(const RenderOptions&) { return {}; }

}  // namespace

const Renderer& renderer_latex() {
  static constexpr Renderer kRenderer{
      .name = "latex",
      .summary = "LaTeX to \\input: coloured text and a table of scores, with xcolor alone",
      .begin = begin,
      .item = item,
      .end = end};
  return kRenderer;
}

}  // namespace ascribo
