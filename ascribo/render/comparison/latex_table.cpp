// SPDX-License-Identifier: MIT
// A comparison as a LaTeX tabular that needs no package.
#include <string_view>

#include "ascribo/render/comparison/cells.h"
#include "ascribo/render/comparison/comparison_views.h"
#include "ascribo/render/number.h"

namespace ascribo {
namespace {

std::string escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '\\': escaped += "\\textbackslash{}"; break;
      case '~': escaped += "\\textasciitilde{}"; break;
      case '^': escaped += "\\textasciicircum{}"; break;
      case '&':
      case '%':
      case '$':
      case '#':
      case '_':
      case '{':
      case '}':
        escaped += '\\';
        escaped += c;
        break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::string cell(const ComparisonRow& row, std::size_t column, int decimals) {
  if (!row.cells[column]) return "--";
  std::string mean = cell_mean(row, column, decimals);
  if (mean.starts_with('-')) mean = "$-$" + mean.substr(1);
  if (row.cells[column]->best) mean = "\\textbf{" + mean + "}";
  return mean + " $\\pm$ " + cell_error(row, column, decimals);
}

}  // namespace

std::string comparison_latex(const Comparison& comparison) {
  std::string text = "% " + texts_line(comparison) + "; mean and standard error over texts.\n";
  text += "% Bold: no method is significantly better (paired test, p < 0.05, Holm).\n";
  text += "\\begin{tabular}{l" + std::string(comparison.columns.size() + 1, 'r') + "}\n\\hline\n";
  for (const ComparisonColumn& column : comparison.columns) {
    const char* arrow = column.direction == "higher"  ? " $\\uparrow$"
                        : column.direction == "lower" ? " $\\downarrow$"
                                                      : "";
    text += " & " + escape(column.label) + arrow;
  }
  text += " & s per text \\\\\n\\hline\n";
  for (const ComparisonRow& row : comparison.rows) {
    text += escape(row.name());
    for (std::size_t c = 0; c < comparison.columns.size(); ++c) {
      text += " & " + cell(row, c, column_decimals(comparison, c));
    }
    text += " & " + (row.ranking == "method" ? plain_number(row.seconds, 4) : std::string()) +
            " \\\\\n";
  }
  return text + "\\hline\n\\end{tabular}\n";
}

}  // namespace ascribo
