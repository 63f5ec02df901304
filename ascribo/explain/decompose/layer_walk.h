// SPDX-License-Identifier: MIT
// The layers of a model as one text passes through them, one at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "ascribo/explain/method.h"
#include "ascribo/explain/scorer.h"
#include "ascribo/models/structure.h"

namespace ascribo {

/// What one layer made of the text. `[tokens, ...]` each, in the model's compute dtype.
struct LayerView {
  std::size_t index = 0;
  const TransformerLayer* layer = nullptr;
  std::int64_t heads = 0;
  Tensor input;     ///< `[tokens, hidden]`
  Tensor probs;     ///< `[heads, tokens, tokens]`
  Tensor values;    ///< `[tokens, heads * width]`, one for every head of queries
  Tensor attn_out;  ///< `[tokens, hidden]`
  Tensor ffn_out;   ///< `[tokens, hidden]`
  Tensor output;    ///< `[tokens, hidden]`, after a final norm if there is one

  std::int64_t tokens() const { return input.rows(); }
};

/// The structure of the model. Errors: kUnsupported, in the name of the method, for a model outside
/// its scope.
const TransformerParts& structure_of(const Model& model, const Method& method);

/// Runs the text of a task as it is and shows every layer in order; of one layer at a time is
/// anything kept. False when nothing ran because costs are only counted.
bool walk_layers(Task& task, Scorer& scorer, const TransformerParts& parts,
                 const std::function<void(const LayerView&)>& visit);

/// The rows of the last layer that a target's answer is read from: [CLS], the last token, all that
/// are pooled; of heads that answer token by token, those that it asks about.
std::vector<std::int64_t> rows_of(const Task& task, const Target& target,
                                  const TransformerParts& parts);

}  // namespace ascribo
