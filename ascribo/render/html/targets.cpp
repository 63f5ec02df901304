// SPDX-License-Identifier: MIT
// Writes the tabs of targets, and their scores as data.
#include "ascribo/render/html/targets.h"

#include "ascribo/base/json_writer.h"
#include "ascribo/render/evidence.h"
#include "ascribo/render/html/pieces.h"
#include "ascribo/render/html_escape.h"
#include "ascribo/render/number.h"
#include "ascribo/render/visible.h"
#include "ascribo/render/written.h"

namespace ascribo {
namespace {

std::string tab(bool first, std::string_view content) {
  std::string html = "<button type=\"button\" role=\"tab\" aria-selected=\"";
  html += first ? "true\" tabindex=\"0\">" : "false\" tabindex=\"-1\">";
  return html + std::string(content) + "</button>";
}

/// A line feed is shown, not obeyed: it would break the row of tabs.
std::string token_tab(const Explanation& shown, const Attribution& attribution, bool first) {
  std::string content = element("span", "", escape_html(visible(target_name(shown, attribution))));
  const auto written = written_target(shown, attribution);
  const auto probability = written ? written_probability(shown, *written) : std::nullopt;
  content += element("small", "", probability ? percent(*probability) : "");
  return tab(first, content);
}

/// The units that hold the target itself.
void write_own(JsonWriter& json, const Explanation& shown, const Attribution& attribution) {
  json.key("own").begin_array();
  for (std::size_t unit = 0; unit < shown.units.size(); ++unit) {
    if (is_own_unit(shown, attribution, unit)) json.value(static_cast<std::int64_t>(unit));
  }
  json.end_array();
}

}  // namespace

std::string html_targets(const Explanation& shown) {
  if (shown.attributions.size() < 2) return {};
  const bool output = explains_output(shown);
  std::string html = output ? "<div class=\"tabs written\" role=\"tablist\" dir=\"auto\" "
                              "aria-label=\"Target: a part of the output\">"
                            : "<div class=\"tabs\" role=\"tablist\" aria-label=\"Target\">";
  for (const Attribution& attribution : shown.attributions) {
    const bool first = &attribution == &shown.attributions[0];
    html += output ? token_tab(shown, attribution, first)
                   : tab(first, escape_html(target_name(shown, attribution)));
  }
  return html + "</div>\n";
}

std::string scores_json(const Explanation& shown) {
  JsonWriter json;
  json.begin_array();
  for (const Attribution& attribution : shown.attributions) {
    const double largest = strongest(attribution.scores);
    const int decimals = decimals_for(largest);
    json.begin_object().key("target").value(visible(target_name(shown, attribution)));
    json.key("unsigned").value(scores_are_unsigned(shown));
    json.key("lowest").value(typeset(signed_number(-largest, decimals)));
    json.key("highest").value(scores_are_unsigned(shown) ? plain_number(largest, decimals)
                                                         : signed_number(largest, decimals));
    json.key("scores").begin_array();
    for (std::size_t unit = 0; unit < attribution.scores.size(); ++unit) {
      json.value(typeset(score_text(shown, attribution, unit, decimals)));
    }
    json.end_array().key("classes").begin_array();
    for (float score : attribution.scores) {
      json.value(level_class(score, largest));
    }
    json.end_array();
    write_own(json, shown, attribution);
    json.end_object();
  }
  json.end_array();
  return "<script type=\"application/json\">" + escape_script_json(json.str()) + "</script>\n";
}

}  // namespace ascribo
