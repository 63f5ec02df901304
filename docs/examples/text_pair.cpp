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
    const bool pair = unit.side == ascribo::Side::kPair;
    std::printf("%-6s %2lld-%-2lld  %s\n", pair ? "pair" : "text",
                static_cast<long long>(unit.start), static_cast<long long>(unit.end),
                unit.text.c_str());
  }
  std::printf("notes: %zu\n", explanation.notes.size());
}
