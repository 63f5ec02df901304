// SPDX-License-Identifier: MIT
// Writes one explanation as static HTML; nothing in it needs a script to be read.
#include "ascribo/render/html_item.h"

#include "ascribo/base/assert.h"
#include "ascribo/render/evidence.h"
#include "ascribo/render/grid.h"
#include "ascribo/render/html/evidence_table.h"
#include "ascribo/render/html/heat_map.h"
#include "ascribo/render/html/layer_views.h"
#include "ascribo/render/html/pieces.h"
#include "ascribo/render/html/targets.h"
#include "ascribo/render/html_escape.h"
#include "ascribo/render/number.h"
#include "ascribo/render/written.h"

namespace ascribo {
namespace {

std::string text_cell(const Explanation& explanation, const Attribution* first) {
  std::string html = "<div class=\"clip\" dir=\"auto\">";
  html += marked_text(explanation, Side::kText, first, false);
  if (explanation.input.pair) {
    html +=
        "<span class=\"pair\">" + marked_text(explanation, Side::kPair, first, false) + "</span>";
  }
  if (explanation.output) {
    html +=
        "<span class=\"pair\">" + marked_text(explanation, Side::kOutput, first, false) + "</span>";
  }
  return html + "</div>";
}

std::string number_cell(double value, int decimals) {
  return element("td", "class=\"num\" data-v=\"" + plain_number(value, 6) + "\"",
                 typeset(plain_number(value, decimals)));
}

std::string_view verdict(const Explanation& explanation) {
  const std::optional<bool> right = predicted_right(explanation);
  return !right ? "unknown" : *right ? "right" : "wrong";
}

std::string row(const Explanation& given, const Explanation& shown) {
  const InputSummary& input = shown.input;
  const Prediction& prediction = shown.prediction;
  std::string html = "<tr class=\"row\">";
  html += cell("id", "<button type=\"button\" class=\"open\" aria-expanded=\"false\">" +
                         escape_html(input.id.value_or("")) + "</button>");
  html += cell("truth", escape_html(input.label.value_or("")));
  html += cell("answer", escape_html(prediction.label));
  if (prediction.probability) {
    html +=
        element("td", "class=\"num\" data-v=\"" + plain_number(*prediction.probability, 6) + "\"",
                percent(*prediction.probability));
  } else {
    html += cell("num", "");
  }
  const Attribution* first = shown.attributions.empty() ? nullptr : &shown.attributions[0];
  if (first) {
    const Attribution& raw = given.attributions[0];
    html += cell("target", escape_html(target_name(given, raw)));
    html += number_cell(evidence(raw).sum, 3);
    html += raw.delta
                ? element("td", "class=\"num\" data-v=\"" + plain_number(*raw.delta, 9) + "\"",
                          typeset(plain_number(*raw.delta, kScientific)))
                : cell("num", "");
  } else {
    html += cell("target", "") + cell("num", "") + cell("num", "");
  }
  return html + cell("scored", text_cell(shown, first)) + "</tr>\n";
}

std::string hero(const Explanation& shown) {
  const Prediction& prediction = shown.prediction;
  if (explains_output(shown)) {
    return "<div class=\"hero\"><p class=\"kicker\">Output, and how likely each part was; choose "
           "one "
           "to see what it came from</p></div>\n";
  }
  std::string html = "<div class=\"hero\"><p class=\"kicker\">Prediction</p><p class=\"answer\">";
  html += element("strong", "", escape_html(prediction.label));
  if (prediction.probability) {
    html += " <span class=\"probability\">" + percent(*prediction.probability) + "</span>";
  }
  html += "</p>";
  if (shown.input.label) {
    const std::string_view how = verdict(shown);
    html += "<p class=\"verdict " + std::string(how) + "\">True label " +
            element("b", "", escape_html(*shown.input.label));
    if (how != "unknown") html += " <span>" + std::string(how) + "</span>";
    html += "</p>";
  }
  return html + "</div>\n";
}

std::string ranking(const Explanation& shown, const Attribution& attribution, bool first) {
  const double largest = strongest(attribution.scores);
  const int decimals = decimals_for(largest);
  std::string html = "<table class=\"ranking\"";
  html += first ? ">" : " hidden>";
  html += "<caption>" + escape_html(unit_plural(shown.unit)) + " by score</caption>";
  for (std::size_t unit : by_score(attribution.scores)) {
    const float score = attribution.scores[unit];
    html += "<tr><td class=\"num\">" + typeset(score_text(shown, attribution, unit, decimals)) +
            "</td><td class=\"bars\">";
    html += "<i class=\"" + level_class(score, largest) + "\"></i></td><td>";
    html += escape_html(unit_name(shown, unit)) + "</td></tr>";
  }
  return html + "</table>\n";
}

std::string panel(const Explanation& shown) {
  if (shown.attributions.empty()) return {};
  const Attribution& first = shown.attributions[0];
  const double largest = strongest(first.scores);
  const int decimals = decimals_for(largest);
  std::string html = "<div class=\"panel\">";
  html += "<p class=\"kicker\">Target <b>" + escape_html(target_name(shown, first)) + "</b></p>";
  html +=
      "<p class=\"text\" dir=\"auto\">" + marked_text(shown, Side::kText, &first, true) + "</p>\n";
  if (shown.input.pair) {
    html += "<p class=\"text\" dir=\"auto\">" + marked_text(shown, Side::kPair, &first, true) +
            "</p>\n";
  }
  if (shown.output) {
    html += "<p class=\"text\" dir=\"auto\">" + marked_text(shown, Side::kOutput, &first, true) +
            "</p>\n";
  }
  html += scores_are_unsigned(shown) ? strength_scale(plain_number(largest, decimals))
                                     : html_scale(typeset(signed_number(-largest, decimals)),
                                                  signed_number(largest, decimals));
  if (shown.sort) {
    for (const Attribution& attribution : shown.attributions) {
      html += ranking(shown, attribution, &attribution == &first);
    }
  }
  return html + "</div>\n";
}

}  // namespace

std::string html_table_head() {
  std::string html = "<thead><tr>";
  for (const char* title :
       {"Id", "True label", "Prediction", "Probability", "Target", "Score sum", "Delta"}) {
    html +=
        element("th", "scope=\"col\"", element("button", "type=\"button\" class=\"sort\"", title));
  }
  return html + "<th scope=\"col\">Text</th></tr></thead>";
}

std::string html_item(const Explanation& explanation) {
  const Explanation shown = displayed(explanation);
  for (const Attribution& attribution : shown.attributions) {
    ASCRIBO_ASSERT(attribution.scores.size() == shown.units.size());
    static_cast<void>(attribution);
  }
  std::string html =
      "<tbody class=\"item\" data-verdict=\"" + std::string(verdict(shown)) + "\">\n";
  html += row(explanation, shown);
  html += "<tr class=\"detail\"><td colspan=\"8\"><article>\n";
  html += hero(shown) + html_targets(shown) + panel(shown);
  if (shown.attributions.size() > 1) html += heat_map(target_grid(shown));
  html += layer_views(shown);
  html += "<div class=\"ledger\">" + sums_table(explanation) + "</div>\n" + facts(shown);
  return html + scores_json(shown) + "</article></td></tr>\n</tbody>\n";
}

}  // namespace ascribo
