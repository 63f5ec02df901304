// SPDX-License-Identifier: MIT
// Embeddings and layers, built from operations.
#include "ascribo/models/blocks.h"

#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/models/passing.h"
#include "ascribo/ops/add.h"
#include "ascribo/ops/embedding.h"
#include "ascribo/ops/layer_norm.h"
#include "ascribo/ops/multiply.h"
#include "ascribo/ops/neighbours.h"
#include "ascribo/ops/repeat_heads.h"
#include "ascribo/ops/rms_norm.h"
#include "ascribo/ops/scale_rows.h"
#include "ascribo/ops/select_rows.h"

namespace ascribo {
namespace {

Variable normalise(const Norm& norm, const Variable& x) {
  if (!norm.defined()) return x;
  if (!norm.beta.defined()) return ops::rms_norm(x, norm.gamma, norm.epsilon);
  return ops::layer_norm(x, norm.gamma, norm.beta, norm.epsilon);
}

Variable normalise(const Norm& norm, const Variable& x, const Variable& residual) {
  if (!norm.beta.defined()) return normalise(norm, ops::add(x, residual));
  return ops::add_layer_norm(x, residual, norm.gamma, norm.beta, norm.epsilon);
}

/// Rows that attention must not look at are not looked at here either.
Variable convolve(const Convolution& convolution, const Variable& x, const AttentionLayout& layout,
                  const std::vector<std::int64_t>& query_rows, Precision precision) {
  const std::vector<std::uint8_t>& visible = layout.visible;
  const Variable seen = visible.empty() ? x : ops::scale_rows(x, {visible.begin(), visible.end()});
  Variable around = ops::neighbours(seen, layout.key_offsets, convolution.width);
  if (!query_rows.empty()) around = ops::select_rows(around, query_rows);
  return ops::activation(ops::linear(around, convolution.product, precision),
                         convolution.activation);
}

/// Computes what passes one layer's taps.
class LayerPass {
 public:
  LayerPass(const TransformerLayer& layer, int index, std::shared_ptr<const AttentionLayout> layout,
            Dtype compute, Run& run)
      : layer_(layer), index_(index), layout_(std::move(layout)), compute_(compute), run_(run) {}

  /// `read` are the rows of x that ask.
  Variable attend(const Variable& read, const Variable& x,
                  const std::vector<std::shared_ptr<Past>>& kept) const {
    const Shape asking{read.value().rows(), layer_.query.out()};
    const Shape asked{x.value().rows(), layer_.key.out()};
    const Variable q = at(Tap::kAttnQuery, asking, [&] { return product(read, layer_.query); });
    const Variable k = at(Tap::kAttnKey, asked, [&] { return product(x, layer_.key); });
    const Variable v = at(Tap::kAttnValue, asked, [&] { return product(x, layer_.value); });
    const Variable keys =
        turned(layer_.relative, normalise(layer_.key_norm, k),
               layout_->heads / layer_.queries_per_key, *layout_, &AttentionLayout::key_places);
    keep(keys.value(), v.value(), kept);
    check_gradients(q, keys, v);
    const Variable probs = at(Tap::kAttnProbs, {layout_->probs_offsets().back()}, [&] {
      const Variable queries = turned(layer_.relative, normalise(layer_.query_norm, q),
                                      layout_->heads, *layout_, &AttentionLayout::query_places);
      return relative_attention_probs(layer_.relative, queries, shared(keys), layout_);
    });
    return at(Tap::kAttnOut, {asking[0], layer_.attn_out.out()}, [&] {
      return product(ops::attention_mix(probs, shared(v), layout_, layer_.relative.causal),
                     layer_.attn_out);
    });
  }

  Variable feed_forward(const Variable& x) const {
    return at(Tap::kFfnOut, {x.value().rows(), layer_.ffn_out.out()}, [&] {
      Variable wide = ops::activation(product(x, layer_.ffn_in), layer_.activation);
      if (layer_.ffn_gate.defined()) {
        wide = ops::multiply(wide, product(x, layer_.ffn_gate));
      }
      return product(wide, layer_.ffn_out);
    });
  }

 private:
  template <class Compute>
  Variable at(Tap tap, const Shape& shape, Compute compute) const {
    return pass_computed(run_, {tap, index_}, shape, compute_, compute);
  }

  Variable product(const Variable& x, const LinearWeight& weight) const {
    return ops::linear(x, weight, run_.precision());
  }

  /// Keys or values for every head of queries.
  Variable shared(const Variable& x) const {
    if (layer_.queries_per_key == 1) return x;
    return ops::repeat_heads(x, layout_->heads / layer_.queries_per_key, layer_.queries_per_key);
  }

  void keep(const Tensor& keys, const Tensor& values,
            const std::vector<std::shared_ptr<Past>>& kept) const {
    for (std::size_t s = 0; s < kept.size(); ++s) {
      const std::int64_t begin = layout_->key_offsets[s], end = layout_->key_offsets[s + 1];
      kept[s]->write(index_, keys.slice(begin, end), values.slice(begin, end));
    }
  }

  void check_gradients(const Variable& q, const Variable& k, const Variable& v) const {
    if (layout_->pasts.empty() && layout_->key_rows.empty()) return;
    if (!q.requires_grad() && !k.requires_grad() && !v.requires_grad()) return;
    fail(Code::kUnsupported, "run", "gradients are wanted where tokens ran before",
         "expected whole sequences, without a past or rows that are shared");
  }

  const TransformerLayer& layer_;
  int index_;
  std::shared_ptr<const AttentionLayout> layout_;
  Dtype compute_;
  Run& run_;
};

}  // namespace

Tensor look_up_words(const EmbeddingBlock& block, const std::vector<std::int64_t>& ids,
                     Dtype compute) {
  Tensor words = ops::embedding(block.words, ids, compute);
  if (block.scale == 1) return words;
  return ops::scale_rows(words, std::vector<float>(ids.size(), static_cast<float>(block.scale)))
      .value();
}

Variable embed(const EmbeddingBlock& block, const Batch& batch, Dtype compute, Run& run) {
  const Shape looked_up{batch.rows(), block.words.cols()};
  return pass_computed(run, {Tap::kEmbeddings}, {batch.rows(), block.width()}, compute, [&] {
    Variable sum = pass_computed(run, {Tap::kWordEmbeddings}, looked_up, compute,
                                 [&] { return look_up_words(block, batch.ids, compute); });
    if (block.words_in.defined()) sum = ops::linear(sum, block.words_in, run.precision());
    if (block.types.defined()) {
      sum = ops::add(sum, ops::embedding(block.types, batch.type_ids, compute));
    }
    if (!block.positions.defined()) return normalise(block.norm, sum);
    return normalise(block.norm, sum, ops::embedding(block.positions, batch.positions, compute));
  });
}

Variable run_layer(const TransformerLayer& layer, int index, const Variable& x,
                   const std::shared_ptr<const AttentionLayout>& layout,
                   const std::vector<std::int64_t>& query_rows,
                   const std::vector<std::shared_ptr<Past>>& kept, Run& run) {
  const auto asking = [&](const Variable& rows) {
    return query_rows.empty() ? rows : ops::select_rows(rows, query_rows);
  };
  const LayerPass pass(layer, index, layout, x.value().dtype(), run);
  const Variable read = asking(x);
  if (layer.norm_first) {
    const Variable normal = normalise(layer.attn_norm, x);
    const Variable hidden = ops::add(read, pass.attend(asking(normal), normal, kept));
    if (layer.parallel) {
      return normalise(layer.final_norm, pass.feed_forward(normalise(layer.ffn_norm, read)),
                       hidden);
    }
    return normalise(layer.final_norm, pass.feed_forward(normalise(layer.ffn_norm, hidden)),
                     hidden);
  }
  const Variable hidden = normalise(layer.attn_norm, pass.attend(read, x, kept), read);
  const Variable y = normalise(layer.ffn_norm, pass.feed_forward(hidden), hidden);
  if (!layer.convolution) return y;
  return normalise(layer.convolution->norm,
                   convolve(*layer.convolution, x, *layout, query_rows, run.precision()), y);
}

}  // namespace ascribo
