// SPDX-License-Identifier: MIT
// Writes one explanation as static HTML; nothing in it needs a script to be read.
#include "ascribo/render/html_item.h"

#include <algorithm>
#include <cmath>

#include "ascribo/base/assert.h"
#include "ascribo/base/json_writer.h"
#include "ascribo/render/color.h"
#include "ascribo/render/evidence.h"
#include "ascribo/render/html_escape.h"
#include "ascribo/render/number.h"
#include "ascribo/render/segments.h"
#include "ascribo/render/visible.h"

namespace ascribo {
namespace {

constexpr std::size_t kBaselineBytes = 400;

/// A number with a true minus sign, as print sets it.
std::string typeset(std::string_view number) {
  std::string text;
  for (char letter : number) letter == '-' ? text += "\u2212" : text += letter;
  return text;
}

std::string level_class(int level, bool seen) {
  if (!seen) return "unseen";
  if (level == 0) return "z";
  return (level > 0 ? "p" : "n") + std::to_string(std::abs(level));
}

std::string element(std::string_view tag, std::string_view attributes, std::string_view content) {
  std::string html = "<" + std::string(tag);
  if (!attributes.empty()) html += " " + std::string(attributes);
  return html + ">" + std::string(content) + "</" + std::string(tag) + ">";
}

/// One side of the text, its units as marks; `titles` also writes each score for hovering.
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
    html += "<mark class=\"" + level_class(color_level(score, largest), std::isfinite(score));
    html += segment.inserted ? " added\"" : "\"";
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

std::string cell(std::string_view kind, std::string_view content) {
  return element("td", "class=\"" + std::string(kind) + "\"", content);
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

std::string tabs(const Explanation& shown) {
  if (shown.attributions.size() < 2) return {};
  std::string html = "<div class=\"tabs\" role=\"tablist\" aria-label=\"Target\">";
  for (std::size_t index = 0; index < shown.attributions.size(); ++index) {
    html += "<button type=\"button\" role=\"tab\" aria-selected=\"";
    html += index == 0 ? "true\" tabindex=\"0\">" : "false\" tabindex=\"-1\">";
    html += escape_html(target_name(shown, shown.attributions[index])) + "</button>";
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
    const std::string level = level_class(color_level(score, largest), std::isfinite(score));
    html += "<tr><td class=\"num\">" + typeset(score_text(shown, attribution, unit, decimals)) +
            "</td><td class=\"bars\">";
    html += "<i class=\"" + level + "\"></i></td><td>";
    html += escape_html(unit_name(shown, unit)) + "</td></tr>";
  }
  return html + "</table>\n";
}

std::string steps(int from) {
  std::string html = "<span class=\"steps\" aria-hidden=\"true\">";
  for (int level = from; level <= kLevels; level += 4) {
    html += "<i class=\"" + level_class(level, true) + "\"></i>";
  }
  return html + "</span>";
}

/// The legend of scores without a sign.
std::string strength_scale(std::string_view highest) {
  return "<p class=\"scale strength\"><span>matters little</span>" + steps(0) +
         "<span>matters much " + element("b", "class=\"highest\"", highest) + "</span></p>\n";
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

std::string fact(std::string_view name, std::string_view content) {
  return "<div>" + element("dt", "", name) + element("dd", "", content) + "</div>";
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

/// Every target's scores as they are written and their colour levels, for the script.
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
      json.value(level_class(color_level(score, largest), std::isfinite(score)));
    }
    json.end_array().end_object();
  }
  json.end_array();
  return "<script type=\"application/json\">" + escape_script_json(json.str()) + "</script>\n";
}

}  // namespace

std::string html_scale(std::string_view lowest, std::string_view highest) {
  std::string html = "<p class=\"scale\"><span>" + element("b", "class=\"lowest\"", lowest);
  html += " pushes away</span>" + steps(-kLevels);
  html += "<span>pushes toward the target " + element("b", "class=\"highest\"", highest);
  return html + "</span></p>\n";
}

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
  html += hero(shown) + tabs(shown) + panel(shown) + sums_table(explanation) + facts(shown);
  return html + scores_json(shown) + "</article></td></tr>\n</tbody>\n";
}

}  // namespace ascribo
