// SPDX-License-Identifier: MIT
// Adds up scores and finds the words for what stands beside them.
#include "ascribo/render/evidence.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ascribo/base/integer.h"
#include "ascribo/base/utf8.h"
#include "ascribo/render/number.h"
#include "ascribo/render/written.h"

namespace ascribo {
namespace {

std::string folded(std::string_view label) {
  std::string result(label);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

}  // namespace

std::string token_text(const Explanation& explanation, const TokenInfo& token) {
  if (token.special || token.start == token.end) return token.text;
  return std::string(slice_code_points(side_text(explanation, token.side), token.start, token.end));
}

Explanation displayed(const Explanation& explanation) {
  if (explanation.normalize == "none") return explanation;
  Explanation scaled = normalized(explanation);
  std::string note = "scores are scaled to a largest score of 1";
  if (explanation.normalize != "max")
    note = "scores are scaled to " + explanation.normalize + " norm 1";
  for (const Attribution& attribution : explanation.attributions) {
    const double sum = evidence(attribution).sum;
    note += "; unscaled, those of " + target_name(explanation, attribution) + " sum to " +
            plain_number(sum, decimals_for(sum));
  }
  scaled.notes.push_back(note);
  return scaled;
}

Evidence evidence(const Attribution& attribution) {
  Evidence result;
  for (float score : attribution.scores) {
    if (std::isfinite(score)) result.sum += score;
  }
  result.total = result.sum + attribution.special.value_or(0);
  if (attribution.baseline_value) result.change = attribution.value - *attribution.baseline_value;
  return result;
}

double strongest(const std::vector<float>& scores) {
  double largest = 0;
  for (float score : scores) {
    if (std::isfinite(score)) largest = std::max(largest, std::fabs(static_cast<double>(score)));
  }
  return largest;
}

bool scores_are_unsigned(const Explanation& explanation) {
  if (!explanation.method.is_signed) return true;
  for (const auto& [name, value] : explanation.method.options) {
    if (name != "reduce") continue;
    const std::string how = option_text(value);
    return how == "l1" || how == "l2" || how == "mean_abs";
  }
  return false;
}

// Beyond 1.96 standard errors a score is zero by chance only one time in twenty.
bool may_be_zero(float score, float error) {
  return error > 0 && std::fabs(score) <= 1.96F * error;
}

std::string score_text(const Explanation& explanation, const Attribution& attribution,
                       std::size_t unit, int decimals) {
  const float value = attribution.scores[unit];
  if (!std::isfinite(value)) return "unseen";
  std::string score = scores_are_unsigned(explanation) ? plain_number(value, decimals)
                                                       : signed_number(value, decimals);
  if (!attribution.standard_error) return score;
  const float error = (*attribution.standard_error)[unit];
  return score + " ± " + plain_number(error, decimals) +
         (may_be_zero(value, error) ? " (may be 0)" : "");
}

std::string named_score_text(const Explanation& explanation, const Attribution& attribution,
                             std::size_t unit, int decimals) {
  const std::string& name = explanation.units[unit].name;
  const std::string score = score_text(explanation, attribution, unit, decimals);
  return name.empty() ? score : name + ": " + score;
}

int evidence_decimals(const std::vector<Attribution>& attributions) {
  double size = 0;
  for (const Attribution& attribution : attributions) {
    size = std::max({size, std::fabs(attribution.value), std::fabs(evidence(attribution).total),
                     std::fabs(attribution.baseline_value.value_or(0))});
  }
  const int decimals = decimals_for(size);
  return decimals == kScientific ? kScientific : decimals + 1;
}

std::optional<bool> predicted_right(const Explanation& explanation) {
  const auto& label = explanation.input.label;
  const Prediction& prediction = explanation.prediction;
  if (!label || label->empty() || !prediction.probability) return {};
  if (folded(*label) == folded(prediction.label)) return true;
  const auto index = parse_integer(*label);
  return index && !parse_integer(prediction.label) && *index == prediction.index;
}

std::string target_name(const Explanation& explanation, const Attribution& attribution) {
  std::string name = attribution.target;
  if (attribution.versus) name += " versus " + *attribution.versus;
  const auto token = static_cast<std::size_t>(attribution.position.value_or(-1));
  if (token >= explanation.tokens.size()) return name;
  if (written_target(explanation, attribution)) return name;  // it says itself which it is
  return name + " at \"" + token_text(explanation, explanation.tokens[token]) + '"';
}

std::string unit_plural(std::string_view unit) {
  if (unit == "all_tokens") return "tokens";
  if (unit == "text_word") return "words";
  return std::string(unit) + "s";
}

std::string baseline_tokens(const BaselineSummary& baseline, std::size_t longest) {
  std::string text;
  std::size_t shown = 0;
  while (shown < baseline.tokens.size()) {
    std::size_t end = shown + 1;
    while (end < baseline.tokens.size() && baseline.tokens[end] == baseline.tokens[shown]) ++end;
    std::string piece = baseline.tokens[shown];
    if (end - shown > 1) piece += " × " + std::to_string(end - shown);
    const std::string gap = text.empty() ? "" : " ";
    if (text.size() + gap.size() + piece.size() > longest) {
      return text + gap + "… (" + std::to_string(baseline.tokens.size()) + " tokens)";
    }
    text += gap + piece;
    shown = end;
  }
  return text;
}

std::string unit_name(const Explanation& explanation, std::size_t unit) {
  const UnitInfo& info = explanation.units[unit];
  if (!info.name.empty()) return info.name + ": " + info.text;
  if (!info.text.empty()) return info.text;
  std::string name;
  for (std::int64_t token : info.tokens) {
    const auto index = static_cast<std::size_t>(token);
    if (index < explanation.tokens.size()) name += explanation.tokens[index].text;
  }
  return name;
}

std::vector<std::size_t> by_score(const std::vector<float>& scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const bool first = std::isfinite(scores[a]), second = std::isfinite(scores[b]);
    return first != second ? first : first && scores[a] > scores[b];
  });
  return order;
}

}  // namespace ascribo
