// SPDX-License-Identifier: MIT
// Edits that change nothing, at the taps of every layer, collect what a layer did until the next
// begins.
#include "ascribo/explain/decompose/layer_walk.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "ascribo/base/error.h"
#include "ascribo/ops/repeat_heads.h"

namespace ascribo {
namespace {

bool is_linear(const Head& head) {
  const bool identity = !head.dense.defined() || head.activation == Activation::kIdentity;
  return identity && !head.norm && head.pooling != Pooling::kMax && head.layers.empty();
}

[[noreturn]] void refuse(const Method& method, const Model& model, std::string_view given,
                         std::string_view expected) {
  fail(Code::kUnsupported, method.name, model.info().architecture + " " + std::string(given),
       "expected " + std::string(expected));
}

Variable for_every_query_head(const LayerView& view, const Tensor& values) {
  const std::int64_t shared = view.layer->queries_per_key;
  return shared == 1 ? Variable(values) : ops::repeat_heads(values, view.heads / shared, shared);
}

}  // namespace

const TransformerParts& structure_of(const Model& model, const Method& method) {
  const TransformerParts* parts = find_structure(model);
  if (parts == nullptr) refuse(method, model, "has no attention layers", "a Transformer");
  const bool norm_first = std::all_of(parts->layers.begin(), parts->layers.end(),
                                      [](const TransformerLayer& each) { return each.norm_first; });
  const bool norm_last = std::none_of(parts->layers.begin(), parts->layers.end(),
                                      [](const TransformerLayer& each) { return each.norm_first; });
  if (method.scope == Scope::kPostNorm && !norm_last) {
    refuse(method, model, "has layers that begin with a norm",
           "a model whose layers end with one, as BERT's");
  }
  if (method.scope == Scope::kPreNorm && !norm_first) {
    refuse(method, model, "has layers that end with a norm",
           "a model whose layers begin with one, as GPT-2's");
  }
  if (method.scope == Scope::kPreNorm && !is_linear(parts->head)) {
    refuse(method, model, "has a head that is not linear",
           "a logit that is linear in the last hidden state");
  }
  return *parts;
}

bool walk_layers(Task& task, Scorer& scorer, const TransformerParts& parts,
                 const std::function<void(const LayerView&)>& visit) {
  LayerView view;
  view.heads = parts.heads;
  Run run;
  const auto keep = [&](Tap tap, std::size_t layer, Tensor& place) {
    run.edit({tap, static_cast<int>(layer)}, [&place](const Variable& value) {
      place = value.value();
      return value;
    });
  };
  run.edit({Tap::kHidden, 0}, [&](const Variable& value) {
    view.input = value.value();
    return value;
  });
  for (std::size_t n = 0; n < parts.layers.size(); ++n) {
    keep(Tap::kAttnValue, n, view.values);
    keep(Tap::kAttnProbs, n, view.probs);
    keep(Tap::kAttnOut, n, view.attn_out);
    keep(Tap::kFfnOut, n, view.ffn_out);
    run.edit({Tap::kHidden, static_cast<int>(n) + 1}, [&, n](const Variable& value) {
      view.index = n;
      view.layer = &parts.layers[n];
      view.output = value.value();
      view.values = for_every_query_head(view, view.values).value();
      visit(view);
      view.input = view.output;
      return value;
    });
  }
  return scorer.run_observed(task, {task.sequence}, run);
}

std::vector<std::int64_t> rows_of(const Task& task, const Target& target,
                                  const TransformerParts& parts) {
  if (answers_tokens(parts.head.kind)) return target.tokens;
  Batch batch;
  batch.append(task.sequence);
  return rows_read(parts.head, batch).rows;
}

}  // namespace ascribo
