// SPDX-License-Identifier: MIT
// Embeddings and layers, built from operations.
#include "ascribo/models/blocks.h"

#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/models/passing.h"
#include "ascribo/models/rows/distinct_rows.h"
#include "ascribo/models/training/apply.h"
#include "ascribo/ops/add.h"
#include "ascribo/ops/feed_forward.h"
#include "ascribo/ops/multiply.h"
#include "ascribo/ops/neighbours.h"
#include "ascribo/ops/repeat_heads.h"
#include "ascribo/ops/scale_rows.h"
#include "ascribo/ops/select_rows.h"

namespace ascribo {
namespace {

/// Rows that attention must not look at are not looked at here either.
Variable convolve(const Convolution& convolution, const Variable& x, const AttentionLayout& layout,
                  const std::vector<std::int64_t>& query_rows, double rate, Run& run) {
  const std::vector<std::uint8_t>& visible = layout.visible;
  const Variable seen = visible.empty() ? x : ops::scale_rows(x, {visible.begin(), visible.end()});
  Variable around = ops::neighbours(seen, layout.key_offsets, convolution.width);
  if (!query_rows.empty()) around = ops::select_rows(around, query_rows);
  return ops::activation(drop_out(apply(convolution.product, around, run), rate, run),
                         convolution.activation);
}

/// Computes what passes one layer's taps.
class LayerPass {
 public:
  LayerPass(const TransformerLayer& layer, const DropoutRates& rates, int index,
            std::shared_ptr<const AttentionLayout> layout, Dtype compute, Run& run)
      : layer_(layer),
        rates_(rates),
        index_(index),
        layout_(std::move(layout)),
        compute_(compute),
        run_(run) {}

  /// `read` are the rows of x that ask.
  Variable attend(const Variable& read, const Variable& x,
                  const std::vector<std::shared_ptr<Past>>& kept) const {
    const Shape asking{read.value().rows(), layer_.query.out()};
    const Shape asked{x.value().rows(), layer_.key.out()};
    const DistinctRows rows = begin_equal() ? DistinctRows(x) : DistinctRows();
    const bool all_ask = read.value().raw() == x.value().raw();
    const Variable q = at(Tap::kAttnQuery, asking, [&] {
      return all_ask ? rows.project(layer_.query, x, run_) : apply(layer_.query, read, run_);
    });
    const Variable k = at(Tap::kAttnKey, asked, [&] { return rows.project(layer_.key, x, run_); });
    const Variable v =
        at(Tap::kAttnValue, asked, [&] { return rows.project(layer_.value, x, run_); });
    const Variable keys =
        turned(layer_.relative, apply(layer_.key_norm, k, run_),
               layout_->heads / layer_.queries_per_key, *layout_, &AttentionLayout::key_places);
    keep(keys.value(), v.value(), kept);
    check_gradients(q, keys, v);
    const Variable probs = at(Tap::kAttnProbs, {layout_->probs_offsets().back()}, [&] {
      const Variable queries = turned(layer_.relative, apply(layer_.query_norm, q, run_),
                                      layout_->heads, *layout_, &AttentionLayout::query_places);
      return relative_attention_probs(layer_.relative, queries, shared(keys), layout_,
                                      rates_.distances, run_);
    });
    return at(Tap::kAttnOut, {asking[0], layer_.attn_out.out()}, [&] {
      const Variable used = drop_out(probs, rates_.attention, run_);
      const Variable mixed = ops::attention_mix(used, shared(v), layout_, layer_.relative.causal);
      return drop_out(apply(layer_.attn_out, mixed, run_), rates_.attn_out, run_);
    });
  }

  Variable feed_forward(const Variable& x) const {
    return at(Tap::kFfnOut, {x.value().rows(), layer_.ffn_out.out()}, [&] {
      if (!layer_.ffn_gate.defined() && !run_.trains()) {
        return ops::feed_forward(x, layer_.ffn_in, layer_.activation, layer_.ffn_out,
                                 run_.precision());
      }
      Variable wide = apply(layer_.ffn_in, x, layer_.activation, run_);
      if (layer_.ffn_gate.defined()) {
        wide = ops::multiply(wide, apply(layer_.ffn_gate, x, run_));
      }
      wide = drop_out(wide, rates_.ffn_inner, run_);
      return drop_out(apply(layer_.ffn_out, wide, run_), rates_.ffn_out, run_);
    });
  }

 private:
  template <class Compute>
  Variable at(Tap tap, const Shape& shape, Compute compute) const {
    return pass_computed(run_, {tap, index_}, shape, compute_, compute);
  }

  /// Whether rows of several sequences come here before anything mixed them.
  bool begin_equal() const { return index_ == 0 && layout_->query_offsets.size() > 2; }

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
  const DropoutRates& rates_;
  int index_;
  std::shared_ptr<const AttentionLayout> layout_;
  Dtype compute_;
  Run& run_;
};

}  // namespace

Variable look_up_words(const EmbeddingBlock& block, const std::vector<std::int64_t>& ids,
                       Dtype compute, const Run& run) {
  Variable words = look_up(block.words, ids, compute, run);
  if (block.scale == 1) return words;
  return ops::scale_rows(words, std::vector<float>(ids.size(), static_cast<float>(block.scale)));
}

Variable embed(const EmbeddingBlock& block, const Batch& batch, Dtype compute, Run& run) {
  const Shape looked_up{batch.rows(), block.words.cols()};
  return pass_computed(run, {Tap::kEmbeddings}, {batch.rows(), block.width()}, compute, [&] {
    Variable sum = pass_computed(run, {Tap::kWordEmbeddings}, looked_up, compute,
                                 [&] { return look_up_words(block, batch.ids, compute, run); });
    if (block.words_in.defined()) sum = apply(block.words_in, sum, run);
    if (block.types.defined()) {
      sum = ops::add(sum, look_up(block.types, batch.type_ids, compute, run));
    }
    if (!block.positions.defined()) return apply(block.norm, sum, run);
    std::vector<std::int64_t> places = batch.positions;
    for (std::int64_t& each : places) each += block.unused_positions;
    const Variable positions = look_up(block.positions, places, compute, run);
    return apply(block.norm, sum, positions, run);
  });
}

Variable run_layer(const TransformerLayer& layer, const DropoutRates& rates, int index,
                   const Variable& x, const std::shared_ptr<const AttentionLayout>& layout,
                   const std::vector<std::int64_t>& query_rows,
                   const std::vector<std::shared_ptr<Past>>& kept, Run& run) {
  const auto asking = [&](const Variable& rows) {
    return query_rows.empty() ? rows : ops::select_rows(rows, query_rows);
  };
  const LayerPass pass(layer, rates, index, layout, x.value().dtype(), run);
  const Variable read = asking(x);
  if (layer.norm_first) {
    const Variable normal = apply(layer.attn_norm, x, run);
    const Variable hidden = ops::add(read, pass.attend(asking(normal), normal, kept));
    const Variable wide = apply(layer.ffn_norm, layer.parallel ? read : hidden, run);
    return apply(layer.final_norm, pass.feed_forward(wide), hidden, run);
  }
  const Variable hidden = apply(layer.attn_norm, pass.attend(read, x, kept), read, run);
  Variable y = apply(layer.ffn_norm, pass.feed_forward(hidden), hidden, run);
  if (!layer.convolution) return y;
  const Variable around =
      convolve(*layer.convolution, x, *layout, query_rows, rates.convolution, run);
  return apply(layer.convolution->norm, around, y, run);
}

}  // namespace ascribo
