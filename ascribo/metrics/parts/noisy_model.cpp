// SPDX-License-Identifier: MIT
// Adds noise to rows of the word table, and puts them where the model's own would be.
#include "ascribo/metrics/parts/noisy_model.h"

#include "ascribo/base/rng.h"
#include "ascribo/graph/taps.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

constexpr std::uint64_t kDraw = 0x73656e73697469;

template <class T>
Tensor with_noise(const Tensor& rows, const std::vector<std::int64_t>& ids,
                  const Tokenizer* tokenizer, double radius, std::uint64_t seed,
                  std::uint64_t sample) {
  std::vector<T> values = rows.to_vector<T>();
  const auto width = static_cast<std::size_t>(rows.cols());
  for (std::size_t row = 0; row < ids.size(); ++row) {
    if (tokenizer != nullptr && tokenizer->is_special(ids[row])) continue;
    Rng random(seed, {kDraw, sample, static_cast<std::uint64_t>(ids[row])});
    for (std::size_t d = 0; d < width; ++d) {
      values[row * width + d] += static_cast<T>(radius * (2 * random.uniform() - 1));
    }
  }
  return Tensor::from<T>(values, rows.shape());
}

}  // namespace

Tensor NoisyModel::word_embeddings(const std::vector<std::int64_t>& ids) const {
  const Tensor rows = model_.word_embeddings(ids);
  return compute() == Dtype::kF64
             ? with_noise<double>(rows, ids, tokenizer_, radius_, seed_, sample_)
             : with_noise<float>(rows, ids, tokenizer_, radius_, seed_, sample_);
}

Variable NoisyModel::forward(const Batch& batch, Run& run) const {
  const TapPoint words{Tap::kWordEmbeddings, -1};
  if (!run.replaced(words)) run.replace(words, word_embeddings(batch.ids));
  return model_.forward(batch, run);
}

Variable NoisyModel::forward_keeping(const Batch& batch, Run& run,
                                     std::vector<std::shared_ptr<const Past>>& pasts) const {
  const TapPoint words{Tap::kWordEmbeddings, -1};
  if (!run.replaced(words)) run.replace(words, word_embeddings(batch.ids));
  return model_.forward_keeping(batch, run, pasts);
}

}  // namespace ascribo
