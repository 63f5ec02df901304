// SPDX-License-Identifier: MIT
// Writes marks, legends and the elements around them.
#include "ascribo/render/html/pieces.h"

#include <cmath>

#include "ascribo/render/color.h"
#include "ascribo/render/evidence.h"
#include "ascribo/render/html_escape.h"
#include "ascribo/render/html_item.h"
#include "ascribo/render/number.h"
#include "ascribo/render/segments.h"
#include "ascribo/render/written.h"

namespace ascribo {
namespace {

std::string class_of(int level) {
  if (level == 0) return "z";
  return (level > 0 ? "p" : "n") + std::to_string(std::abs(level));
}

std::string steps(int from) {
  std::string html = "<span class=\"steps\" aria-hidden=\"true\">";
  for (int level = from; level <= kLevels; level += 4) {
    html += "<i class=\"" + class_of(level) + "\"></i>";
  }
  return html + "</span>";
}

}  // namespace

std::string typeset(std::string_view number) {
  std::string text;
  for (char letter : number) letter == '-' ? text += "\u2212" : text += letter;
  return text;
}

std::string level_class(float score, double strongest) {
  return std::isfinite(score) ? class_of(color_level(score, strongest)) : "unseen";
}

std::string element(std::string_view tag, std::string_view attributes, std::string_view content) {
  std::string html = "<" + std::string(tag);
  if (!attributes.empty()) html += " " + std::string(attributes);
  return html + ">" + std::string(content) + "</" + std::string(tag) + ">";
}

std::string marked_text(const Explanation& explanation, Side side, const Attribution* attribution,
                        bool titles) {
  const double largest = attribution ? strongest(attribution->scores) : 0;
  const int decimals = decimals_for(largest);
  std::string html;
  for (const Segment& segment : segments(explanation, side)) {
    if (!segment.unit || !attribution) {
      html += escape_html(segment.text);
      continue;
    }
    const float score = attribution->scores[*segment.unit];
    html += "<mark class=\"" + level_class(score, largest);
    if (segment.inserted) html += " added";
    if (is_own_unit(explanation, *attribution, *segment.unit)) html += " own";
    html += "\"";
    html += " data-u=\"" + std::to_string(*segment.unit) + "\"";
    const std::string name = escape_html(explanation.units[*segment.unit].name);
    if (!name.empty()) html += " data-name=\"" + name + "\"";
    if (titles) {
      html += " title=\"" + (name.empty() ? name : name + ": ");
      html += typeset(score_text(explanation, *attribution, *segment.unit, decimals)) + "\"";
    }
    html += ">" + escape_html(segment.text) + "</mark>";
  }
  return html;
}

std::string cell(std::string_view kind, std::string_view content) {
  return element("td", "class=\"" + std::string(kind) + "\"", content);
}

std::string strength_scale(std::string_view highest) {
  return "<p class=\"scale strength\"><span>matters little</span>" + steps(0) +
         "<span>matters much " + element("b", "class=\"highest\"", highest) + "</span></p>\n";
}

std::string html_scale(std::string_view lowest, std::string_view highest) {
  std::string html = "<p class=\"scale\"><span>" + element("b", "class=\"lowest\"", lowest);
  html += " pushes away</span>" + steps(-kLevels);
  html += "<span>pushes toward the target " + element("b", "class=\"highest\"", highest);
  return html + "</span></p>\n";
}

}  // namespace ascribo
