// SPDX-License-Identifier: MIT
// A comparison for the terminal: columns as wide as they must be, broken into blocks where a line
// has no room for all.
#include <algorithm>

#include "ascribo/render/comparison/cells.h"
#include "ascribo/render/comparison/comparison_views.h"
#include "ascribo/render/number.h"

namespace ascribo {
namespace {

using Column = std::vector<std::string>;  // heading, then a text for each row

std::string padded(const std::string& text, std::size_t width, bool left) {
  const std::string space(width > text.size() ? width - text.size() : 0, ' ');
  return left ? text + space : space + text;
}

std::size_t width_of(const Column& column) {
  std::size_t width = 0;
  for (const std::string& text : column) width = std::max(width, text.size());
  return width;
}

Column names(const Comparison& comparison) {
  Column column{""};
  for (const ComparisonRow& row : comparison.rows) column.push_back(row.name());
  return column;
}

Column metric_column(const Comparison& comparison, std::size_t c) {
  const std::string& direction = comparison.columns[c].direction;
  const char* sign = direction == "higher" ? " +" : direction == "lower" ? " -" : "";
  Column column{comparison.columns[c].label + sign};
  const int decimals = column_decimals(comparison, c);
  for (const ComparisonRow& row : comparison.rows) {
    if (!row.cells[c]) {
      column.emplace_back("n/a  ");
      continue;
    }
    column.push_back(cell_mean(row, c, decimals) + " ~" + cell_error(row, c, decimals) +
                     (row.cells[c]->best ? " *" : "  "));
  }
  return column;
}

std::vector<Column> cost_columns(const Comparison& comparison) {
  std::vector<Column> columns{{"time"}, {"forwards"}, {"backwards"}};
  for (const ComparisonRow& row : comparison.rows) {
    const bool own = row.ranking == "method";
    columns[0].push_back(own ? duration(row.seconds) : "");
    columns[1].push_back(own ? plain_number(row.forwards, 1) : "");
    columns[2].push_back(own ? plain_number(row.backwards, 1) : "");
  }
  return columns;
}

// As many columns as fit beside the names, in every block.
std::string blocks(const Column& first, const std::vector<Column>& columns, int width) {
  std::string text;
  for (std::size_t begin = 0, end; begin < columns.size(); begin = end) {
    std::size_t room = width_of(first);
    end = begin;
    while (end < columns.size() &&
           (end == begin || room + 2 + width_of(columns[end]) <= static_cast<std::size_t>(width))) {
      room += 2 + width_of(columns[end]);
      ++end;
    }
    if (begin > 0) text += "\n";
    for (std::size_t row = 0; row < first.size(); ++row) {
      std::string line = padded(first[row], width_of(first), true);
      for (std::size_t c = begin; c < end; ++c) {
        line += "  " + padded(columns[c][row], width_of(columns[c]), false);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
  }
  return text;
}

}  // namespace

std::string comparison_text(const Comparison& comparison, int width) {
  std::string text = texts_line(comparison) + "\n";
  if (comparison.rows.empty()) return text;
  std::vector<Column> columns;
  for (std::size_t c = 0; c < comparison.columns.size(); ++c) {
    columns.push_back(metric_column(comparison, c));
  }
  for (Column& column : cost_columns(comparison)) columns.push_back(std::move(column));
  text += "\n" + blocks(names(comparison), columns, width);
  text +=
      "\n+ higher is better, - lower; ~ standard error over texts; time and runs are per text;\n"
      "* no method is significantly better (paired test, p < 0.05, Holm's correction)\n";
  for (std::size_t c = 0; c < comparison.columns.size(); ++c) {
    const std::vector<std::string> lines = difference_lines(comparison, c);
    if (!lines.empty()) text += "\n" + comparison.columns[c].label + ":\n";
    for (const std::string& line : lines) text += "  " + line + "\n";
  }
  return text;
}

}  // namespace ascribo
