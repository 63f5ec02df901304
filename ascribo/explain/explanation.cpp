// SPDX-License-Identifier: MIT
// Scaling scores for display.
#include "ascribo/explain/explanation.h"

#include <algorithm>
#include <cmath>

namespace ascribo {
namespace {

// What scores are divided by; scores that the target cannot see (NaN) do not count.
double scale_of(const std::vector<float>& scores, const std::string& how) {
  double squares = 0, magnitudes = 0, largest = 0;
  for (float score : scores) {
    if (std::isnan(score)) continue;
    const double magnitude = std::abs(static_cast<double>(score));
    squares += magnitude * magnitude;
    magnitudes += magnitude;
    largest = std::max(largest, magnitude);
  }
  if (how == "l2") return std::sqrt(squares);
  if (how == "l1") return magnitudes;
  if (how == "max") return largest;
  return 1;
}

void divide(std::vector<float>& values, double by) {
  for (float& value : values) value = static_cast<float>(static_cast<double>(value) / by);
}

}  // namespace

const std::string& side_text(const Explanation& explanation, Side side) {
  static const std::string kNothing;
  const InputSummary& input = explanation.input;
  if (side == Side::kText) return input.text;
  if (side == Side::kPair) return input.pair ? *input.pair : kNothing;
  return explanation.output ? explanation.output->text : kNothing;
}

Explanation normalized(const Explanation& explanation) {
  Explanation result = explanation;
  for (Attribution& attribution : result.attributions) {
    const double scale = scale_of(attribution.scores, explanation.normalize);
    if (scale == 0) continue;
    divide(attribution.scores, scale);
    if (attribution.special) *attribution.special /= scale;
    if (attribution.standard_error) divide(*attribution.standard_error, scale);
  }
  return result;
}

}  // namespace ascribo
