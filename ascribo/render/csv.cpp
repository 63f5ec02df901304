// SPDX-License-Identifier: MIT
// Scores as a table for spreadsheets and data frames: a row for each target and unit (RFC 4180).
#include <cmath>
#include <cstdio>

#include "ascribo/render/evidence.h"
#include "ascribo/render/renderer.h"
#include "ascribo/render/visible.h"

namespace ascribo {
namespace {

std::string field(std::string_view text) {
  std::string quoted = "\"";
  for (char letter : visible(text, Newlines::kKeep)) {
    if (letter == '"') quoted += '"';
    quoted += letter;
  }
  return quoted + '"';
}

/// Enough of a text to know it by; it stands in every row.
std::string beginning(std::string_view text) {
  constexpr std::size_t kMost = 200;
  if (text.size() <= kMost) return std::string(text);
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

/// Nine digits tell every float; nothing for what is not finite.
std::string number(double value, int digits) {
  if (!std::isfinite(value)) return {};
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.*g", digits, value);
  return buffer;
}

std::string_view side_name(Side side) {
  return side == Side::kText ? "text" : side == Side::kPair ? "pair" : "output";
}

std::string begin(const RenderOptions&) {
  return "id,text,method,score,target,index,position,versus,value,unit,side,start,end,name,"
         "attribution,standard_error\n";
}

std::string item(const Explanation& given, const RenderOptions&) {
  const Explanation shown = displayed(given);
  std::string rows;
  for (const Attribution& attribution : shown.attributions) {
    std::string head =
        field(shown.input.id.value_or("")) + "," + field(beginning(shown.input.text)) + ",";
    head += field(shown.method.name) + "," + field(shown.score) + "," + field(attribution.target);
    head += "," + std::to_string(attribution.index) + ",";
    if (attribution.position) head += std::to_string(*attribution.position);
    head += "," + (attribution.versus ? field(*attribution.versus) : std::string()) + ",";
    head += number(attribution.value, 17) + ",";
    for (std::size_t unit = 0; unit < shown.units.size(); ++unit) {
      const UnitInfo& info = shown.units[unit];
      rows += head + field(info.text) + "," + std::string(side_name(info.side)) + ",";
      rows += std::to_string(info.start) + "," + std::to_string(info.end) + ",";
      rows += (info.name.empty() ? std::string() : field(info.name)) + ",";
      rows += number(attribution.scores[unit], 9) + ",";
      if (attribution.standard_error) rows += number((*attribution.standard_error)[unit], 9);
      rows += "\n";
    }
  }
  return rows;
}

std::string end(const RenderOptions&) { return {}; }

}  // namespace

const Renderer& renderer_csv() {
  static constexpr Renderer kRenderer{.name = "csv",
                                      .summary = "a table of scores: a row per target and unit",
                                      .begin = begin,
                                      .item = item,
                                      .end = end};
  return kRenderer;
}

}  // namespace ascribo
