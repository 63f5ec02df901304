// SPDX-License-Identifier: MIT
// Runs the layers and the head.
#include "ascribo/models/transformer.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/profile.h"
#include "ascribo/base/threads.h"
#include "ascribo/graph/recompute.h"
#include "ascribo/models/passing.h"
#include "ascribo/models/rows/layer_rows.h"
#include "ascribo/models/structure.h"
#include "ascribo/models/training/apply.h"
#include "ascribo/ops/select_rows.h"
#include "ascribo/tensor/pool.h"

namespace ascribo {
namespace {

void check_range(const char* what, const std::vector<std::int64_t>& values, std::int64_t count) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](std::int64_t v) { return v < 0 || v >= count; });
  if (found == values.end()) return;
  fail(Code::kInvalidArgument, "model",
       std::string(what) + " " + std::to_string(*found) + " at row " +
           std::to_string(found - values.begin()),
       "expected 0 to " + std::to_string(count - 1));
}

class TransformerModel final : public Model {
 public:
  TransformerModel(ModelInfo info, TransformerParts parts, const Weights& weights)
      : info_(std::move(info)),
        parts_(std::move(parts)),
        linears_(weights.linears()),
        compute_(weights.compute()) {}

  const ModelInfo& info() const override { return info_; }
  Dtype compute() const override { return compute_; }
  const TransformerParts& parts() const { return parts_; }

  Variable forward(const Batch& batch, Run& run) const override {
    return forward_from(batch, run, {});
  }

  Variable forward_keeping(const Batch& batch, Run& run,
                           std::vector<std::shared_ptr<const Past>>& pasts) const override {
    if (!info_.causal) return Model::forward_keeping(batch, run, pasts);
    if (run.first_layer() >= 0) {
      fail(Code::kUnsupported, "run",
           "a value is put in at " + to_string(TapPoint{Tap::kHidden, run.first_layer()}) +
               " and layers before it are to be kept",
           "expected a run of all layers");
    }
    if (!batch.shared.empty()) {
      fail(Code::kUnsupported, "run", "sequences that share rows are to be kept",
           "expected sequences with rows of their own");
    }
    check(batch);
    std::vector<std::shared_ptr<Past>> kept;
    for (std::size_t s = 0; s + 1 < batch.offsets.size(); ++s) {
      const std::int64_t begin = batch.offsets[s], length = batch.offsets[s + 1] - begin;
      std::span<const std::uint8_t> visible = batch.visible;
      if (!visible.empty()) {
        visible =
            visible.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
      }
      const Past* before = batch.pasts.empty() ? nullptr : batch.pasts[s].get();
      kept.push_back(Past::after(before, past_form(), length, visible));
    }
    Variable logits = forward_from(batch, run, kept);
    pasts.assign(kept.begin(), kept.end());
    return logits;
  }

  Tensor word_embeddings(const std::vector<std::int64_t>& ids) const override {
    check_range("token id", ids, info_.vocab);
    return look_up_words(parts_.embeddings, ids, compute_, Run()).value();
  }

  void pack(bool backward, Precision precision) const override {
    parallel_for(static_cast<std::int64_t>(linears_.size()), [&](std::int64_t i) {
      linears_[static_cast<std::size_t>(i)].pack(backward, precision);
    });
  }

 private:
  Variable forward_from(const Batch& batch, Run& run,
                        const std::vector<std::shared_ptr<Past>>& kept) const {
    const ProfileScope scope("models", "forward");
    check(batch);
    const int first = run.first_layer();
    if (first > static_cast<int>(info_.layers)) {
      fail(Code::kInvalidArgument, "run",
           "a value is put in at " + to_string(TapPoint{Tap::kHidden, first}),
           "expected hidden:0 to hidden:" + std::to_string(info_.layers));
    }
    Variable x;
    if (first < 0) {
      x = embed(parts_.embeddings, batch, compute_, run);
      x = drop_out(x, parts_.dropout.embeddings, run);
      if (parts_.projection.defined()) x = apply(parts_.projection, x, run);
    }
    const auto start = static_cast<std::size_t>(std::max(first, 0));
    const HeadRows read = rows_read(parts_.head, batch);
    x = run_layers(parts_, start, x, batch, read, kept, run);
    return answer(parts_.head, parts_.dropout, x, read, run);
  }

  Past::Form past_form() const {
    const std::int64_t heads = parts_.heads / parts_.layers.front().queries_per_key;
    return {info_.layers, heads, info_.key_width / heads, compute_};
  }

  /// Whether nobody reads the last token, nor what depends on it: it ends a continuation, and needs
  /// no position.
  bool ends_unread(const Batch& batch, std::size_t sequence) const {
    const std::int64_t end = batch.read_offsets[sequence + 1];
    return info_.head == HeadKind::kCausalLanguageModel && end > batch.read_offsets[sequence] &&
           batch.reads[static_cast<std::size_t>(end) - 1] + 1 < batch.offsets[sequence + 1];
  }

  void check_pasts(const Batch& batch) const {
    if (!info_.causal && !batch.shared.empty()) {
      fail(Code::kInvalidArgument, "model", "sequences share rows",
           "expected rows of their own, as the model is not causal");
    }
    for (std::size_t s = 0; s < batch.pasts.size(); ++s) {
      if (!batch.pasts[s] || (info_.causal && batch.pasts[s]->form() == past_form())) continue;
      fail(Code::kInvalidArgument, "model",
           "sequence " + std::to_string(s) + " has a past that is not of this model",
           info_.causal ? "expected what forward_keeping() of this model gave"
                        : "expected whole sequences, as the model is not causal");
    }
  }

  void check(const Batch& batch) const {
    check_pasts(batch);
    for (std::int64_t s = 0; s < batch.sequences(); ++s) {
      const auto at = static_cast<std::size_t>(s);
      const std::int64_t length = batch.offsets[at + 1] - batch.offsets[at];
      if (length < 1) {
        fail(Code::kInvalidArgument, "model", "sequence " + std::to_string(s) + " has no tokens",
             "expected at least one");
      }
      const std::int64_t all = batch.before(at) + length;
      if (all - (ends_unread(batch, at) ? 1 : 0) > info_.max_positions) {
        fail(Code::kTooLong, "model",
             "sequence " + std::to_string(s) + " has " + std::to_string(all) + " tokens",
             "expected at most " + std::to_string(info_.max_positions) +
                 " with special tokens, the positions of this model",
             "--truncate cuts longer texts");
      }
    }
    check_range("token id", batch.ids, info_.vocab);
    const Tensor& positions = parts_.embeddings.positions;
    if (positions.defined()) {
      check_range("position", batch.positions,
                  positions.dim(0) - parts_.embeddings.unused_positions);
    }
    check_range("row to read", batch.reads, batch.rows());
    if (info_.type_vocab > 0) check_range("token type", batch.type_ids, info_.type_vocab);
  }

  ModelInfo info_;
  TransformerParts parts_;
  std::vector<LinearWeight> linears_;  // all of them
  Dtype compute_;
};

/// Runs layers; where memory is bounded, those at the beginning that there is no room for run again
/// in the backward, when what the others kept is free.
class LayerRunner {
 public:
  LayerRunner(const TransformerParts& parts, const std::vector<std::shared_ptr<Past>>& kept,
              Run& run)
      : parts_(parts), kept_(kept), run_(run) {}

  Variable operator()(int index, const Variable& x,
                      const std::shared_ptr<const AttentionLayout>& layout,
                      const std::vector<std::int64_t>& query_rows) {
    const TransformerLayer& layer = parts_.layers[static_cast<std::size_t>(index)];
    const DropoutRates& rates = parts_.dropout;
    if (run_.touches_layer(index) || !run_.recomputes(still_to_keep(index))) {
      return run_layer(layer, rates, index, x, layout, query_rows, kept_, run_);
    }
    return recompute(
        x, run_, [=, &layer, &rates, bytes = bytes_](const Variable& input, Run& part) {
          const std::size_t before = pool_statistics().in_use;
          Variable y = run_layer(layer, rates, index, input, layout, query_rows, {}, part);
          *bytes = pool_statistics().in_use - before;
          return y;
        });
  }

 private:
  /// Bytes from this layer on, with as much again for the gradients of one; until a layer has been
  /// measured, which the first one is, more than there are.
  std::size_t still_to_keep(int index) const {
    const std::size_t layers = parts_.layers.size() - static_cast<std::size_t>(index) + 1;
    return *bytes_ == 0 ? std::numeric_limits<std::size_t>::max() / 2 : layers * *bytes_;
  }

  const TransformerParts& parts_;
  const std::vector<std::shared_ptr<Past>>& kept_;
  Run& run_;
  std::shared_ptr<std::size_t> bytes_ = std::make_shared<std::size_t>(0);  // that a layer keeps
};

/// Where each row that is read stands in its sequence.
std::vector<std::int64_t> places(const HeadRows& read, const Batch& batch) {
  std::vector<std::int64_t> found = read.rows;
  for (std::size_t s = 0; s + 1 < read.offsets.size(); ++s) {
    for (std::int64_t i = read.offsets[s]; i < read.offsets[s + 1]; ++i) {
      found[static_cast<std::size_t>(i)] += batch.before(s) - batch.offsets[s];
    }
  }
  return found;
}

/// Keys are the tokens of each sequence, whoever's rows they are.
void share_rows(const Batch& batch, AttentionLayout& layout) {
  layout.key_offsets = batch.token_offsets;
  layout.key_rows = batch.token_rows;
  if (!batch.visible.empty()) {
    layout.visible.clear();
    for (const std::int64_t row : batch.token_rows) {
      layout.visible.push_back(batch.visible[static_cast<std::size_t>(row)]);
    }
  }
  std::vector<std::int64_t> all(static_cast<std::size_t>(batch.rows()));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  layout.query_positions = places({std::move(all), batch.offsets}, batch);
}

}  // namespace

Variable run_layers(const TransformerParts& parts, std::size_t first, Variable x,
                    const Batch& batch, const HeadRows& read,
                    const std::vector<std::shared_ptr<Past>>& kept, Run& run) {
  const std::vector<TransformerLayer>& layers = parts.layers;
  AttentionLayout rows{.heads = parts.heads,
                       .query_offsets = batch.offsets,
                       .key_offsets = batch.offsets,
                       .visible = batch.visible,
                       .pasts = batch.pasts};
  if (!batch.shared.empty()) share_rows(batch, rows);
  auto layout = std::make_shared<const AttentionLayout>(rows);
  const Shape shape{batch.rows(), layers.front().query.in()};
  const auto pass = [&](std::size_t n, const Variable& value) {
    const TapPoint point{Tap::kHidden, static_cast<int>(n)};
    return check_passed(point, run.pass(point, value), shape,
                        layers.front().ffn_norm.gamma.dtype());
  };
  const bool all = static_cast<std::int64_t>(read.rows.size()) == batch.rows();
  LayerRows layer_rows(parts.head, read, first);
  LayerRunner run_one(parts, kept, run);
  x = pass(first, x);
  layer_rows.put(first, x);
  for (std::size_t n = first; n < layers.size(); ++n) {
    const int index = static_cast<int>(n);
    if (!rows.pasts.empty() && rows.layer != index) {
      rows.layer = index;
      layout = std::make_shared<const AttentionLayout>(rows);
    }
    if (n + 1 == layers.size() && !all && !run.touches_layer(index)) {
      rows.query_offsets = read.offsets;
      rows.query_positions = places(read, batch);
      x = run_one(index, x, std::make_shared<const AttentionLayout>(rows), read.rows);
      return layer_rows.combined(n + 1, x);
    }
    x = pass(n + 1, run_one(index, x, layout, {}));
    layer_rows.put(n + 1, x);
  }
  return layer_rows.combined(layers.size(), all ? x : ops::select_rows(x, read.rows));
}

const TransformerParts* find_structure(const Model& model) {
  const auto* transformer = dynamic_cast<const TransformerModel*>(&model);
  return transformer == nullptr ? nullptr : &transformer->parts();
}

std::unique_ptr<Model> make_transformer(const Checkpoint& checkpoint, TransformerParts parts) {
  ModelInfo info = checkpoint.info;
  if (checkpoint.weights.training()) {
    parts.dropout = read_dropout_rates(checkpoint.config, info.model_type, info.head);
  }
  const EmbeddingBlock& embeddings = parts.embeddings;
  info.layers = static_cast<std::int64_t>(parts.layers.size());
  parts.head.layers = layers_from_zero(parts.head.layers, info.layers + 1);
  info.heads = parts.heads;
  info.hidden = parts.layers.front().query.in();
  info.embedding = embeddings.words.cols();
  info.embeddings = embeddings.width();
  info.query_width = parts.layers.front().query.out();
  info.key_width = parts.layers.front().key.out();
  info.vocab = embeddings.words.dim(0);
  info.padding_position = parts.padding_position;
  info.max_positions = parts.max_positions;
  if (embeddings.positions.defined()) {
    info.max_positions = embeddings.positions.dim(0) - embeddings.unused_positions -
                         (parts.padding_position.value_or(-1) + 1);
  }
  const bool whole = !answers_tokens(parts.head.kind) && parts.head.pooling != Pooling::kLast;
  info.causal =
      !whole && std::all_of(parts.layers.begin(), parts.layers.end(), [](const auto& layer) {
        return layer.relative.causal && !layer.convolution;
      });
  info.type_vocab = embeddings.types.defined() ? embeddings.types.dim(0) : 0;
  info.modules = checkpoint.weights.used();
  info.unused = checkpoint.weights.unused();
  info.parameters = checkpoint.weights.parameters();
  return std::make_unique<TransformerModel>(std::move(info), std::move(parts), checkpoint.weights);
}

}  // namespace ascribo
