// SPDX-License-Identifier: MIT
// A user's program: opens the installed model, explains one sentence, checks that it adds up.
#include <cmath>
#include <iostream>

#include "ascribo/ascribo.h"

int main() {
  const auto subject = ascribo::Subject::open(MODELS "/sst2-minilm");
  const auto explanation = subject.explain({.text = "A warm and funny film."});
  const auto& attribution = explanation.attributions.at(0);
  for (std::size_t i = 0; i < explanation.units.size(); ++i) {
    std::cout << explanation.units[i].text << '\t' << attribution.scores[i] << '\n';
  }
  std::cout << "prediction " << explanation.prediction.label << '\n';
  const bool adds_up = std::abs(attribution.delta.value()) < 0.05 * std::abs(attribution.value);
  return adds_up && explanation.units.size() == 6 ? 0 : 1;
}
