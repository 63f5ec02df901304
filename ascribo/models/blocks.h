// SPDX-License-Identifier: MIT
// What Transformer encoders are made of: embeddings and post-norm layers, every tap in its place.
#pragma once

#include <memory>
#include <vector>

#include "ascribo/graph/taps.h"
#include "ascribo/models/batch.h"
#include "ascribo/ops/activation.h"
#include "ascribo/ops/attention.h"
#include "ascribo/ops/linear.h"

namespace ascribo {

/// A layer normalisation's weights, `[n]` each in the compute dtype.
struct Norm {
  Tensor gamma, beta;
  double epsilon = 1e-12;
};

/// LayerNorm(word + position + type). Tables stay as published and are converted row by row.
struct EmbeddingBlock {
  Tensor words;      ///< `[vocab, embedding]`
  Tensor positions;  ///< `[max positions, embedding]`
  Tensor types;      ///< `[types, embedding]`, or undefined
  Norm norm;
};

/// One layer, normalised after each residual sum (Vaswani et al. 2017; Devlin et al. 2019):
/// h = Norm(x + Attention(x)), y = Norm(h + FeedForward(h)).
struct EncoderLayer {
  LinearWeight query, key, value, attn_out;
  Norm attn_norm;
  LinearWeight ffn_in, ffn_out;
  Activation activation = Activation::kGelu;
  Norm ffn_norm;
};

/// Rows of the word table, `[ids, embedding]`.
Tensor look_up_words(const EmbeddingBlock& block, const std::vector<std::int64_t>& ids,
                     Dtype compute);

/// `[rows, embedding]`; passes kWordEmbeddings and kEmbeddings, computing only what is not
/// replaced.
Variable embed(const EmbeddingBlock& block, const Batch& batch, Dtype compute, Run& run);

/// Passes one layer. x `[rows, hidden]` -> `[query rows, hidden]`. `query_rows` names the rows of x
/// to go on with; empty: all of them, as the layout says too.
Variable encode_layer(const EncoderLayer& layer, int index, const Variable& x,
                      const std::shared_ptr<const AttentionLayout>& layout,
                      const std::vector<std::int64_t>& query_rows, Run& run);

}  // namespace ascribo
