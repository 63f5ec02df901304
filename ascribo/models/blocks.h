// SPDX-License-Identifier: MIT
// What Transformers are made of: embeddings and layers, every tap in its place.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "ascribo/graph/taps.h"
#include "ascribo/models/batch.h"
#include "ascribo/models/relative_positions.h"
#include "ascribo/models/training/dropout_rates.h"
#include "ascribo/ops/activation.h"
#include "ascribo/ops/attention.h"
#include "ascribo/ops/linear.h"

namespace ascribo {

/// LayerNorm(word + position + type). Tables stay as published and are converted row by row.
struct EmbeddingBlock {
  Tensor words;                ///< `[vocab, embedding]`
  double scale = 1;            ///< of the words (Gemma)
  LinearWeight words_in = {};  ///< of the words, before positions are added (OPT); or undefined
  Tensor positions;            ///< `[max positions, embedding]`, or undefined
  std::int64_t unused_positions = 0;  ///< its first rows, before that of position 0 (OPT)
  Tensor types;                       ///< `[types, embedding]`, or undefined
  Norm norm;                          ///< or undefined

  /// Columns of the sum.
  std::int64_t width() const { return words_in.defined() ? words_in.out() : words.cols(); }
};

/// y = Norm(y + activation(convolution of the layer's input)), after everything else (He et al.
/// 2021, DeBERTa v2 XL).
struct Convolution {
  LinearWeight product;    ///< `[hidden, hidden * width]`, the neighbours of a column together
  std::int64_t width = 0;  ///< rows that meet: odd, the row itself in the middle
  Activation activation = Activation::kTanh;
  Norm norm;
};

/// One layer, normalised after each residual sum (Vaswani et al. 2017; Devlin et al. 2019):
/// h = Norm(x + Attention(x)), y = Norm(h + FeedForward(h)); or, with norm_first, before each block
/// (Xiong et al. 2020): h = x + Attention(Norm(x)), y = h + FeedForward(Norm(h)), and where blocks
/// are parallel (Wang & Komatsuzaki 2021): y = x + Attention(Norm(x)) + FeedForward(Norm'(x)).
struct TransformerLayer {
  LinearWeight query, key, value, attn_out;
  /// Of every head of queries and keys (Henry et al. 2020); undefined: none.
  Norm query_norm = {}, key_norm = {};
  /// Query heads that share one head of keys and values (Ainslie et al. 2023).
  std::int64_t queries_per_key = 1;
  RelativePositions relative = {};
  Norm attn_norm;  ///< undefined where the embeddings' norm does its work
  LinearWeight ffn_in, ffn_out;
  LinearWeight ffn_gate = {};  ///< times activation(ffn_in) (Shazeer 2020, GLU); undefined: none
  Activation activation = Activation::kGelu;
  Norm ffn_norm;
  bool norm_first = false;
  bool parallel = false;
  std::optional<Convolution> convolution = {};
  Norm final_norm = {};  ///< of what leaves the layer: the last one's, where norms come first
};

/// Rows of the word table, `[ids, embedding]`.
Variable look_up_words(const EmbeddingBlock& block, const std::vector<std::int64_t>& ids,
                       Dtype compute, const Run& run);

/// `[rows, embedding]`; passes kWordEmbeddings and kEmbeddings, computing only what is not
/// replaced.
Variable embed(const EmbeddingBlock& block, const Batch& batch, Dtype compute, Run& run);

/// Passes one layer. x `[rows, hidden]` -> `[query rows, hidden]`. `query_rows` names the rows of x
/// to go on with; empty: all of them, as the layout says too. `kept` has, for each sequence, what
/// takes in its keys and values, or nothing at all. Errors: kUnsupported when gradients are wanted
/// where tokens ran before.
Variable run_layer(const TransformerLayer& layer, const DropoutRates& rates, int index,
                   const Variable& x, const std::shared_ptr<const AttentionLayout>& layout,
                   const std::vector<std::int64_t>& query_rows,
                   const std::vector<std::shared_ptr<Past>>& kept, Run& run);

}  // namespace ascribo
