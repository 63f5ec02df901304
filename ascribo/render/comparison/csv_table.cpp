// SPDX-License-Identifier: MIT
// A comparison as comma-separated values: a line for each row and metric.
#include <array>
#include <cstdio>
#include <string_view>

#include "ascribo/render/comparison/comparison_views.h"

namespace ascribo {
namespace {

std::string digits(double value) {
  std::array<char, 32> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.17g", value);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

// RFC 4180: quoted where it must be.
std::string field(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += c;
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

std::string comparison_csv(const Comparison& comparison) {
  std::string csv =
      "method,ranking,metric,direction,texts,mean,standard_error,low,high,best,"
      "seconds,forwards,backwards\n";
  for (const ComparisonRow& row : comparison.rows) {
    for (std::size_t c = 0; c < comparison.columns.size(); ++c) {
      if (!row.cells[c]) continue;
      const ComparisonCell& cell = *row.cells[c];
      csv += field(row.method) + "," + row.ranking + "," + field(comparison.columns[c].label) +
             "," + comparison.columns[c].direction + "," + std::to_string(cell.texts);
      for (const double value : {cell.mean, cell.standard_error, cell.low, cell.high}) {
        csv += "," + digits(value);
      }
      csv += cell.best ? ",yes" : ",no";
      for (const double value : {row.seconds, row.forwards, row.backwards}) {
        csv += row.ranking == "method" ? "," + digits(value) : ",";
      }
      csv += "\n";
    }
  }
  return csv;
}

}  // namespace ascribo
