// SPDX-License-Identifier: MIT
// Story: a question and its answer (or premise and hypothesis): both sides get scores.
#include <cstdio>

#include "ascribo/ascribo.h"

int main() {
  // A checkpoint of your own goes here: Subject::open("path/to/folder").
  const auto subject = ascribo::Subject::open(ascribo::default_model());
  const auto explanation = subject.explain(
      {.text = "Was it worth the money?", .pair = "Every cent!"}, {.method = "input_x_gradient"});
  for (std::size_t i = 0; i < explanation.units.size(); ++i) {
    const auto& unit = explanation.units[i];
    std::printf("%s  %+.2f  %s\n", unit.side == ascribo::Side::kPair ? "pair" : "text",
                explanation.attributions[0].scores[i], unit.text.c_str());
  }
}
