// SPDX-License-Identifier: MIT
// Story: a method of your own from the model's inner values - attention rollout, read from taps.
// Rollout (Abnar and Zuidema 2020): R_0 = I, R_l = (0.5 mean over heads of A_l + 0.5 I) R_(l-1).
#include <cstdio>
#include <numeric>

#include "ascribo/ascribo.h"

int main() {
  const auto subject = ascribo::Subject::open(ascribo::default_model());
  const auto encoding = subject.tokenizer().encode("A warm, funny and moving film.");
  const auto size = static_cast<std::int64_t>(encoding.size());

  ascribo::Batch batch;
  ascribo::Sequence sequence{.ids = encoding.ids, .type_ids = encoding.type_ids};
  sequence.positions.resize(encoding.size());
  std::iota(sequence.positions.begin(), sequence.positions.end(), 0);
  batch.append(sequence);

  // Ask for the attention probabilities of every layer, then run.
  const auto& info = subject.model().info();
  ascribo::Run run;
  for (int layer = 0; layer < info.layers; ++layer) run.capture({ascribo::Tap::kAttnProbs, layer});
  subject.model().forward(batch, run);

  std::vector<double> rollout(encoding.size() * encoding.size(), 0.0);
  for (std::int64_t i = 0; i < size; ++i) rollout[i * size + i] = 1.0;
  for (int layer = 0; layer < info.layers; ++layer) {
    // One sequence: `[heads, size, size]`.
    const float* probs = run.at({ascribo::Tap::kAttnProbs, layer}).value().data<float>();
    std::vector<double> next(rollout.size(), 0.0);
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t k = 0; k < size; ++k) {
        double mean = 0;
        for (std::int64_t head = 0; head < info.heads; ++head) {
          mean += probs[(head * size + i) * size + k] / static_cast<double>(info.heads);
        }
        const double mixed = 0.5 * mean + (i == k ? 0.5 : 0.0);
        for (std::int64_t j = 0; j < size; ++j) next[i * size + j] += mixed * rollout[k * size + j];
      }
    }
    rollout = std::move(next);
  }
  // The row of the token that the head reads.
  for (std::int64_t j = 0; j < size; ++j) {
    std::printf("%.3f  %s\n", rollout[j], encoding.tokens[j].c_str());
  }
}
