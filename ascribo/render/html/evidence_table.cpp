// SPDX-License-Identifier: MIT
// Writes tables and lists of evidence.
#include "ascribo/render/html/evidence_table.h"

#include "ascribo/render/evidence.h"
#include "ascribo/render/html/pieces.h"
#include "ascribo/render/html_escape.h"
#include "ascribo/render/number.h"

namespace ascribo {
namespace {

constexpr std::size_t kBaselineBytes = 400;

std::string fact(std::string_view name, std::string_view content) {
  return "<div>" + element("dt", "", name) + element("dd", "", content) + "</div>";
}

}  // namespace

std::string sums_table(const Explanation& given) {
  std::string html = "<table class=\"sums\"><caption>Evidence</caption><thead><tr><th>Target</th>";
  const std::string units = escape_html(unit_plural(given.unit));
  for (const std::string& title :
       {escape_html("Score (" + given.score + ")"), std::string("Baseline"), std::string("Change"),
        "Sum of " + units, std::string(given.unit == "span" ? "In no span" : "Special tokens"),
        std::string("Delta")}) {
    html += element("th", "class=\"num\"", title);
  }
  html += "</tr></thead><tbody>";
  const int decimals = evidence_decimals(given.attributions);
  for (const Attribution& attribution : given.attributions) {
    const Evidence sums = evidence(attribution);
    const auto optional_cell = [&](const std::optional<double>& value, int digits) {
      return cell("num", value ? typeset(plain_number(*value, digits)) : "\u2013");
    };
    html += "<tr>" + element("th", "scope=\"row\"", escape_html(target_name(given, attribution)));
    html += optional_cell(attribution.value, decimals);
    html += optional_cell(attribution.baseline_value, decimals);
    html += optional_cell(sums.change, decimals) + optional_cell(sums.sum, decimals);
    html += optional_cell(attribution.special, decimals);
    html += optional_cell(attribution.delta, kScientific) + "</tr>";
  }
  return html + "</tbody></table>\n";
}

std::string facts(const Explanation& shown) {
  std::string options;
  for (const auto& [name, value] : shown.method.options) {
    options += "<li>" + escape_html(name) + " <b>" + escape_html(option_text(value)) + "</b></li>";
  }
  std::string html = "<dl class=\"facts\">";
  html += fact("Method", escape_html(shown.method.name) +
                             (options.empty() ? "" : element("ul", "class=\"options\"", options)));
  if (shown.baseline) {
    html += fact("Baseline",
                 escape_html(shown.baseline->kind) +
                     element("p", "class=\"fine\"",
                             escape_html(baseline_tokens(*shown.baseline, kBaselineBytes))));
  }
  html += fact("Model", escape_html(shown.model.path) +
                            element("p", "class=\"fine\"", escape_html(shown.model.architecture)) +
                            element("p", "class=\"fine hash\"", escape_html(shown.model.hash)));
  std::string logits;
  for (float logit : shown.prediction.logits) {
    logits += (logits.empty() ? "" : ", ") + typeset(plain_number(logit, 3));
  }
  if (!logits.empty()) html += fact("Logits", logits);
  html += fact("Cost", duration(shown.cost.seconds) +
                           element("p", "class=\"fine\"",
                                   grouped(shown.cost.forward_tokens) + " tokens forward, " +
                                       grouped(shown.cost.backward_tokens) + " backward"));
  if (shown.input.id) html += fact("Id", escape_html(*shown.input.id));
  html += fact("Seed", std::to_string(shown.seed));
  std::string notes;
  for (const std::string& note : shown.notes) notes += "<p>" + escape_html(note) + "</p>";
  if (!notes.empty()) html += fact("Notes", notes);
  return html + "</dl>\n";
}

}  // namespace ascribo
