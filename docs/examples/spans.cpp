// SPDX-License-Identifier: MIT
// Story: which passage of a review counted? Each stretch that you name gets one score.
#include <cstdio>

#include "ascribo/ascribo.h"

int main() {
  // A checkpoint of your own goes here: Subject::open("path/to/folder").
  const auto subject = ascribo::Subject::open(ascribo::default_model());
  // By offsets in code points; or unit=span and {{praise: gripping and funny}} in the text.
  ascribo::Input input{.text = "The plot is gripping and funny, but the ending sags."};
  input.spans = {{"praise", ascribo::Side::kText, 12, 30},
                 {"complaint", ascribo::Side::kText, 36, 51}};
  const auto explanation = subject.explain(input, {.method = "integrated_gradients"});
  const auto& attribution = explanation.attributions[0];
  for (std::size_t i = 0; i < explanation.units.size(); ++i) {
    std::printf("%+.2f  %s: %s\n", attribution.scores[i], explanation.units[i].name.c_str(),
                explanation.units[i].text.c_str());
  }
  std::printf("%+.2f  everything else\n", *attribution.special);
}
