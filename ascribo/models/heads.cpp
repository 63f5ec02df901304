// SPDX-License-Identifier: MIT
// Reads heads from their published names and runs them.
#include "ascribo/models/heads.h"

#include <algorithm>
#include <numeric>

#include "ascribo/base/assert.h"
#include "ascribo/models/config.h"
#include "ascribo/models/passing.h"
#include "ascribo/models/pooling.h"
#include "ascribo/models/training/apply.h"
#include "ascribo/ops/max_rows.h"
#include "ascribo/ops/mean_rows.h"
#include "ascribo/ops/vocabulary/linear_at.h"

namespace ascribo {
namespace {

/// The last product, `name` `[outputs, in]`, with one label for each of its rows.
LinearWeight read_classifier(Checkpoint& checkpoint, const HeadLayout& layout, std::int64_t in) {
  const std::string matrix = layout.out + ".weight";
  const bool named = !layout.labels.empty();
  const std::int64_t rows =
      named ? static_cast<std::int64_t>(layout.labels.size()) : checkpoint.weights.rows(matrix);
  LinearWeight out = checkpoint.weights.linear(layout.out, rows, in, layout.out_bias);
  checkpoint.info.labels = named ? layout.labels : config_labels(checkpoint.config, rows, matrix);
  checkpoint.info.problem = config_problem(checkpoint.config);
  return out;
}

/// Where the answer starts, and where it ends.
LinearWeight read_span(Checkpoint& checkpoint, const std::string& name, std::int64_t in) {
  checkpoint.info.labels = {"start", "end"};
  return checkpoint.weights.linear(name, 2, in);
}

/// One logit per word, from the word table itself or, where a checkpoint unties them, its own.
LinearWeight read_vocabulary(Checkpoint& checkpoint, const HeadLayout& layout,
                             const Tensor& words) {
  Weights& weights = checkpoint.weights;
  // Newer checkpoints keep the bias with the product, older ones beside it.
  const std::string own = layout.out + ".bias";
  if (!checkpoint.config.boolean_or("tie_word_embeddings", layout.tied)) {
    return weights.linear(layout.out, words.dim(0), words.cols(), layout.out_bias);
  }
  if (layout.out_bias == Bias::kNone) return weights.tied(words, "");
  return weights.tied(words, weights.has(layout.bias) ? layout.bias : own);
}

/// The decoder is as wide as all the layers it reads together.
Head read_document_head(Checkpoint& checkpoint, const DocumentHead& document,
                        const HeadSizes& sizes) {
  Head head{
      .pooling = document.pooling, .layers = document.layers, .layer_mean = document.layer_mean};
  const auto side_by_side =
      static_cast<std::int64_t>(document.layer_mean ? 1 : document.layers.size());
  const auto outputs = static_cast<std::int64_t>(document.labels.size());
  head.out = checkpoint.weights.linear(document.out, outputs, sizes.hidden * side_by_side);
  checkpoint.info.outputs = outputs;
  checkpoint.info.labels = document.labels;
  checkpoint.info.problem = document.problem;
  return head;
}

bool is_read(Pooling pooling, const Batch& batch, std::size_t sequence, std::int64_t row) {
  if (pooling == Pooling::kFirst) return row == batch.offsets[sequence];
  if (pooling == Pooling::kLast) return row + 1 == batch.offsets[sequence + 1];
  return batch.visible.empty() || batch.visible[static_cast<std::size_t>(row)] != 0;
}

}  // namespace

Head read_head(Checkpoint& checkpoint, const std::vector<HeadLayout>& layouts,
               const HeadSizes& sizes) {
  ParameterStore* store = checkpoint.weights.training();
  if (store) store->start_anew(true);
  if (checkpoint.document) return read_document_head(checkpoint, *checkpoint.document, sizes);
  ModelInfo& info = checkpoint.info;
  Head head{.kind = info.head};
  const auto found = std::find_if(layouts.begin(), layouts.end(),
                                  [&](const HeadLayout& each) { return each.kind == head.kind; });
  const bool base = head.kind == HeadKind::kBase;
  ASCRIBO_ASSERT(base || found != layouts.end());
  const HeadLayout layout = found == layouts.end() ? HeadLayout() : *found;
  head.pooling = base ? read_pooling(info.path) : layout.pooling;
  const bool words =
      head.kind == HeadKind::kMaskedLanguageModel || head.kind == HeadKind::kCausalLanguageModel;
  std::int64_t width = words ? sizes.words.cols() : sizes.hidden;
  if (!layout.dense.empty()) {
    if (sizes.dense > 0) width = sizes.dense;
    head.dense = checkpoint.weights.linear(layout.dense, width, sizes.hidden, layout.dense_bias);
    head.activation = layout.activation;
  }
  if (!layout.norm.empty()) {
    head.norm = checkpoint.weights.norm(layout.norm, width, sizes.epsilon, layout.norm_bias);
  }
  if (words) {
    head.out = read_vocabulary(checkpoint, layout, sizes.words);
  } else if (head.kind == HeadKind::kQuestionAnswering) {
    head.out = read_span(checkpoint, layout.out, width);
  } else if (!base) {
    head.out = read_classifier(checkpoint, layout, width);
  }
  info.outputs = base ? width : head.out.out();
  if (store) store->start_anew(false);
  return head;
}

HeadRows rows_read(const Head& head, const Batch& batch) {
  if (answers_tokens(head.kind)) return {batch.reads, batch.read_offsets};
  HeadRows read{{}, {0}};
  for (std::int64_t s = 0; s < batch.sequences(); ++s) {
    const auto at = static_cast<std::size_t>(s);
    for (std::int64_t row = batch.offsets[at]; row < batch.offsets[at + 1]; ++row) {
      if (is_read(head.pooling, batch, at, row)) read.rows.push_back(row);
    }
    read.offsets.push_back(static_cast<std::int64_t>(read.rows.size()));
  }
  return read;
}

Variable answer(const Head& head, const DropoutRates& rates, const Variable& rows,
                const HeadRows& read, Run& run) {
  const bool many = head.pooling == Pooling::kMean || head.pooling == Pooling::kMax;
  const bool pooled = many && !answers_tokens(head.kind);
  const std::int64_t answers =
      pooled ? static_cast<std::int64_t>(read.offsets.size()) - 1 : rows.value().rows();
  const LinearWeight& last = head.out.defined() ? head.out : head.dense;
  const std::int64_t outputs = last.defined() ? last.out() : rows.value().cols();
  return pass_computed(run, {Tap::kLogits}, {answers, outputs}, rows.value().dtype(), [&] {
    Variable x = rows;
    if (pooled) {
      x = head.pooling == Pooling::kMean ? ops::mean_rows(rows, read.offsets)
                                         : ops::max_rows(rows, read.offsets);
    }
    if (head.dense.defined()) {
      x = apply(head.dense, drop_out(x, rates.head_in, run), run);
      x = ops::activation(x, head.activation);
    }
    if (head.norm) x = apply(*head.norm, x, run);
    if (!head.out.defined()) return x;
    if (!run.outputs().empty() && !run.trains()) {
      return ops::linear_at(x, head.out, run.outputs(), run.precision());
    }
    return apply(head.out, drop_out(x, rates.head_out, run), run);
  });
}

}  // namespace ascribo
