// SPDX-License-Identifier: MIT
// Names of the taps, and what a run does when the model passes one.
#include "ascribo/graph/taps.h"

#include <algorithm>

#include "ascribo/base/assert.h"
#include "ascribo/base/error.h"
#include "ascribo/tensor/pool.h"

namespace ascribo {

std::string_view tap_name(Tap tap) {
  switch (tap) {
    case Tap::kWordEmbeddings: return "word_embeddings";
    case Tap::kEmbeddings: return "embeddings";
    case Tap::kHidden: return "hidden";
    case Tap::kAttnQuery: return "attn_query";
    case Tap::kAttnKey: return "attn_key";
    case Tap::kAttnValue: return "attn_value";
    case Tap::kAttnProbs: return "attn_probs";
    case Tap::kAttnOut: return "attn_out";
    case Tap::kFfnOut: return "ffn_out";
    case Tap::kLogits: return "logits";
  }
  return "";
}

std::string to_string(TapPoint point) {
  std::string text(tap_name(point.tap));
  if (point.layer >= 0) text += ":" + std::to_string(point.layer);
  return text;
}

void Run::capture(TapPoint point) { captured_.insert(point); }
void Run::watch(TapPoint point) { watched_.insert(point); }
void Run::replace(TapPoint point, Tensor value) { replacements_[point] = std::move(value); }
void Run::edit(TapPoint point, Edit edit) { edits_[point] = std::move(edit); }

void Run::watch_parameters(const std::vector<Tensor>& weights) {
  for (const Tensor& weight : weights) {
    const bool fresh = parameter_at_.try_emplace(weight.raw(), parameters_.size()).second;
    ASCRIBO_ASSERT(fresh);
    parameters_.push_back(tape_.watch(weight));
  }
}

void Run::drop_out(std::uint64_t seed) { dropout_seed_ = seed; }

Variable Run::parameter(const Tensor& weight) const {
  if (parameters_.empty()) return weight;
  const auto found = parameter_at_.find(weight.raw());
  if (found == parameter_at_.end()) return weight;
  asked_.insert(found->second);
  return parameters_[found->second];
}

bool Run::recomputes(std::size_t bytes) const {
  return trains() && most_bytes_ > 0 && pool_statistics().in_use + bytes > most_bytes_;
}

std::optional<std::array<std::uint64_t, 2>> Run::next_dropout() {
  if (!dropout_seed_) return std::nullopt;
  return std::array{*dropout_seed_, dropouts_++};
}

Variable Run::pass(TapPoint point, const Variable& value) {
  const auto replacement = replacements_.find(point);
  Variable result = replacement == replacements_.end() ? value : Variable(replacement->second);
  if (const auto edit = edits_.find(point); edit != edits_.end()) result = edit->second(result);
  const bool watched = watched_.contains(point);
  if (watched && !result.requires_grad()) result = tape_.watch(result.value());
  if (watched || captured_.contains(point)) values_[point] = result;
  return result;
}

bool Run::replaced(TapPoint point) const { return replacements_.contains(point); }

int Run::first_layer() const {
  int first = -1;
  for (const auto& [point, value] : replacements_) {
    if (point.tap == Tap::kHidden) first = std::max(first, point.layer);
  }
  return first;
}

bool Run::touches_layer(int layer) const {
  const auto touches = [layer](TapPoint point) {
    return point.layer == (point.tap == Tap::kHidden ? layer + 1 : layer);
  };
  const auto entry_touches = [&](const auto& entry) { return touches(entry.first); };
  return std::any_of(captured_.begin(), captured_.end(), touches) ||
         std::any_of(watched_.begin(), watched_.end(), touches) ||
         std::any_of(replacements_.begin(), replacements_.end(), entry_touches) ||
         std::any_of(edits_.begin(), edits_.end(), entry_touches);
}

const Variable& Run::at(TapPoint point) const {
  const auto found = values_.find(point);
  if (found == values_.end()) {
    fail(Code::kInvalidArgument, "taps", "no value at " + to_string(point),
         "expected a tap that was captured or watched before the forward and that the forward "
         "passed");
  }
  return found->second;
}

std::vector<Tensor> Run::gradients(const Variable& output, const Seeds& seeds,
                                   const std::vector<TapPoint>& points, bool release) {
  std::vector<Variable> wanted;
  for (const TapPoint point : points) wanted.push_back(at(point));
  return tape_.gradients(output, seeds, wanted, release);
}

std::vector<Tensor> Run::parameter_gradients(const Variable& output, const Tensor& seeds) {
  return tape_.gradients(output, seeds, parameters_, true);
}

}  // namespace ascribo
