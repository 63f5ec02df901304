// SPDX-License-Identifier: MIT
// Story: what does the model write, how sure was it of each word, and what made it write the first?
#include <cstdio>

#include "ascribo/ascribo.h"

int main() {
  const auto subject = ascribo::Subject::open("tests/golden/gpt2-lm");  // tiny, and knows nothing
  const ascribo::Input prompt{.text = "Bad acting"};
  const ascribo::GenerationRequest request{.options = {{"max_new_tokens", "4"}}, .stop = {"\n"}};

  const auto written = subject.generate(prompt, request);
  std::printf("%zu tokens\n", written.tokens.size());
  for (const auto& token : written.tokens) {
    std::printf("%6.2f  %s\n", token.log_probability, token.text.c_str());
  }

  // The same in one step: the model writes, and each token is explained as it was written.
  const auto explanation =
      subject.explain(prompt, {.method = "occlusion", .options = {}, .generate = request});
  const auto& first = explanation.attributions.front();
  for (std::size_t i = 0; i < 2; ++i) {
    std::printf("%+.2f  %s\n", first.scores[i], explanation.units[i].text.c_str());
  }
}
