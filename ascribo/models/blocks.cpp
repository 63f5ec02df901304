// SPDX-License-Identifier: MIT
// Embeddings and post-norm encoder layers, built from operations.
#include "ascribo/models/blocks.h"

#include <cmath>

#include "ascribo/models/passing.h"
#include "ascribo/ops/add.h"
#include "ascribo/ops/embedding.h"
#include "ascribo/ops/layer_norm.h"
#include "ascribo/ops/select_rows.h"

namespace ascribo {
namespace {

Variable normalise(const Norm& norm, const Variable& x, const Variable& residual) {
  return ops::add_layer_norm(x, residual, norm.gamma, norm.beta, norm.epsilon);
}

}  // namespace

Tensor look_up_words(const EmbeddingBlock& block, const std::vector<std::int64_t>& ids,
                     Dtype compute) {
  return ops::embedding(block.words, ids, compute);
}

Variable embed(const EmbeddingBlock& block, const Batch& batch, Dtype compute, Run& run) {
  const Shape shape{batch.rows(), block.words.cols()};
  return pass_computed(run, {Tap::kEmbeddings}, shape, compute, [&] {
    Variable sum = pass_computed(run, {Tap::kWordEmbeddings}, shape, compute,
                                 [&] { return look_up_words(block, batch.ids, compute); });
    if (block.types.defined()) {
      sum = ops::add(sum, ops::embedding(block.types, batch.type_ids, compute));
    }
    return normalise(block.norm, sum, ops::embedding(block.positions, batch.positions, compute));
  });
}

Variable encode_layer(const EncoderLayer& layer, int index, const Variable& x,
                      const std::shared_ptr<const AttentionLayout>& layout,
                      const std::vector<std::int64_t>& query_rows, Run& run) {
  const Variable read = query_rows.empty() ? x : ops::select_rows(x, query_rows);
  const std::int64_t queries = read.value().rows(), keys = x.value().rows();
  const std::int64_t width = layer.query.out();
  const double scale = std::sqrt(static_cast<double>(layout->heads) / static_cast<double>(width));
  const auto at = [&](Tap tap, const Shape& shape, auto compute) {
    return pass_computed(run, {tap, index}, shape, x.value().dtype(), compute);
  };
  const Variable q =
      at(Tap::kAttnQuery, {queries, width}, [&] { return ops::linear(read, layer.query); });
  const Variable k = at(Tap::kAttnKey, {keys, width}, [&] { return ops::linear(x, layer.key); });
  const Variable v =
      at(Tap::kAttnValue, {keys, width}, [&] { return ops::linear(x, layer.value); });
  const Variable probs = at(Tap::kAttnProbs, {layout->probs_offsets().back()},
                            [&] { return ops::attention_probs(q, k, layout, scale); });
  const Variable attended = at(Tap::kAttnOut, {queries, layer.attn_out.out()}, [&] {
    return ops::linear(ops::attention_mix(probs, v, layout), layer.attn_out);
  });
  const Variable hidden = normalise(layer.attn_norm, attended, read);
  const Variable fed = at(Tap::kFfnOut, {queries, layer.ffn_out.out()}, [&] {
    const Variable wide = ops::activation(ops::linear(hidden, layer.ffn_in), layer.activation);
    return ops::linear(wide, layer.ffn_out);
  });
  return normalise(layer.ffn_norm, fed, hidden);
}

}  // namespace ascribo
