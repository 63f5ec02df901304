// SPDX-License-Identifier: MIT
// Story: what tips the scales between two answers? `versus` explains the difference of scores.
#include <cstdio>

#include "ascribo/ascribo.h"

int main() {
  const auto subject = ascribo::Subject::open(ascribo::default_model());
  const ascribo::Input input{.text = "The plot is thin, but the leads are a joy."};

  // Each label by itself: one forward serves both.
  const auto both = subject.explain(input, {.targets = {"positive", "negative"}});
  // And one against the other.
  const auto contrast =
      subject.explain(input, {.targets = {"positive"}, .options = {{"versus", "negative"}}});

  std::printf("%9s %9s %9s\n", "positive", "negative", "pos - neg");
  for (std::size_t i = 0; i < both.units.size(); ++i) {
    std::printf("%+9.1f %+9.1f %+9.1f  %s\n", both.attributions[0].scores[i],
                both.attributions[1].scores[i], contrast.attributions[0].scores[i],
                both.units[i].text.c_str());
  }
}
