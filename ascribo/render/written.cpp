// SPDX-License-Identifier: MIT
// Goes back from a target's last token to where its text begins.
#include "ascribo/render/written.h"

#include <algorithm>
#include <string_view>

#include "ascribo/base/utf8.h"

namespace ascribo {

std::optional<Written> written_target(const Explanation& explanation,
                                      const Attribution& attribution) {
  if (!explanation.output || !attribution.position || *attribution.position < 0) return {};
  const auto last = static_cast<std::size_t>(*attribution.position);
  const auto& tokens = explanation.tokens;
  if (last >= tokens.size() || tokens[last].side != Side::kOutput) return {};
  if (tokens[last].text == attribution.target) return Written{last, last};
  const std::string& text = explanation.output->text;
  for (std::size_t first = last + 1; first-- > 0 && tokens[first].side == Side::kOutput;) {
    const std::string_view piece = slice_code_points(text, tokens[first].start, tokens[last].end);
    if (piece == attribution.target) return Written{first, last};
    if (piece.size() > attribution.target.size()) break;
  }
  // A model without tokenizer names its tokens by their ids.
  if (tokens[last].id == attribution.index) return Written{last, last};
  return {};
}

std::optional<double> written_probability(const Explanation& explanation, const Written& written) {
  double probability = 1;
  for (std::size_t token = written.first; token <= written.last; ++token) {
    const auto& told = explanation.prediction.tokens;
    const auto found = std::find_if(told.begin(), told.end(), [&](const TokenPrediction& one) {
      return one.token == static_cast<std::int64_t>(token) &&
             one.index == explanation.tokens[token].id;
    });
    if (found == told.end()) return {};
    probability *= static_cast<double>(found->probability);
  }
  return probability;
}

bool is_own_unit(const Explanation& explanation, const Attribution& attribution, std::size_t unit) {
  const UnitInfo& info = explanation.units[unit];
  if (info.side != Side::kOutput) return false;
  const auto written = written_target(explanation, attribution);
  return written && std::any_of(info.tokens.begin(), info.tokens.end(), [&](std::int64_t token) {
           return token >= static_cast<std::int64_t>(written->first) &&
                  token <= static_cast<std::int64_t>(written->last);
         });
}

bool explains_output(const Explanation& explanation) {
  const auto& attributions = explanation.attributions;
  return attributions.size() > 1 &&
         std::all_of(attributions.begin(), attributions.end(), [&](const Attribution& one) {
           return written_target(explanation, one).has_value();
         });
}

}  // namespace ascribo
