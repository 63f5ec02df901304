// SPDX-License-Identifier: MIT
// Story: what if the model could not use a token? Zero its value vectors and measure what changes.
// Value zeroing (Mohebbi et al. 2023), here for the last layer's output at the first token.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <span>

#include "ascribo/ascribo.h"

namespace {

/// The last hidden state of the first token, with the value vector of `zeroed` silenced in every
/// layer (-1: nothing is).
std::vector<float> first_hidden(const ascribo::Model& model, const ascribo::Batch& batch,
                                std::int64_t zeroed) {
  const int layers = static_cast<int>(model.info().layers);
  ascribo::Run run;
  run.capture({ascribo::Tap::kHidden, layers});
  for (int layer = 0; zeroed >= 0 && layer < layers; ++layer) {
    run.edit({ascribo::Tap::kAttnValue, layer}, [=](const ascribo::Variable& values) {
      ascribo::Tensor changed = values.value().clone();
      const auto row = std::span(changed.mutable_data<float>(), changed.numel())
                           .subspan(zeroed * changed.cols(), changed.cols());
      std::fill(row.begin(), row.end(), 0.0F);
      return ascribo::Variable(changed);
    });
  }
  model.forward(batch, run);
  return run.at({ascribo::Tap::kHidden, layers}).value().slice(0, 1).to_vector<float>();
}

double cosine_distance(const std::vector<float>& a, const std::vector<float>& b) {
  const auto dot = [](const auto& x, const auto& y) {
    return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
  };
  return 1.0 - dot(a, b) / std::sqrt(dot(a, a) * dot(b, b));
}

}  // namespace

int main() {
  const auto subject = ascribo::Subject::open(ascribo::default_model());
  const auto encoding = subject.tokenizer().encode("A warm, funny and moving film.");
  ascribo::Sequence sequence{.ids = encoding.ids, .type_ids = encoding.type_ids};
  sequence.positions.resize(encoding.size());
  std::iota(sequence.positions.begin(), sequence.positions.end(), 0);
  ascribo::Batch batch;
  batch.append(sequence);

  const auto whole = first_hidden(subject.model(), batch, -1);
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    const auto without = first_hidden(subject.model(), batch, static_cast<std::int64_t>(i));
    std::printf("%.3f  %s\n", cosine_distance(whole, without), encoding.tokens[i].c_str());
  }
}
