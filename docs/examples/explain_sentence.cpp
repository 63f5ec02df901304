// SPDX-License-Identifier: MIT
// Story: why does the model like this sentence? One call, then a score per word.
#include <cstdio>

#include "ascribo/ascribo.h"

int main() {
  const auto subject = ascribo::Subject::open(ascribo::default_model());
  const auto explanation = subject.explain({.text = "A warm, funny and moving film."});

  const auto& prediction = explanation.prediction;
  std::printf("%s (%.2f)\n", prediction.label.c_str(), *prediction.probability);

  const auto& attribution = explanation.attributions.front();  // the predicted label's
  for (std::size_t i = 0; i < explanation.units.size(); ++i) {
    std::printf("%+.2f  %s\n", attribution.scores[i], explanation.units[i].text.c_str());
  }

  // The evidence: the scores add up to how far the baseline is from the text.
  double sum = *attribution.special;
  for (const float score : attribution.scores) sum += score;
  std::printf("sum %.1f = %.1f - (%.1f)\n", sum, attribution.value, *attribution.baseline_value);
}
