// SPDX-License-Identifier: MIT
// Named values inside a model: looked at, given gradients, or replaced without touching the model.
#pragma once

#include <array>
#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ascribo/graph/tape.h"

namespace ascribo {

/// The points every architecture offers, in the order in which a forward passes them.
enum class Tap {
  kWordEmbeddings,  ///< `[rows, embedding]` output of the word table
  kEmbeddings,      ///< `[rows, embedding]` after positions, types, LayerNorm
  kHidden,          ///< `[rows, hidden]` input of layer N; N = number of layers: the last output
  kAttnQuery,       ///< `[query rows, hidden]`
  kAttnKey,         ///< `[rows, hidden]`
  kAttnValue,       ///< `[rows, hidden]`
  kAttnProbs,       ///< ragged: per sequence `[heads, queries, keys]`, one after another
  kAttnOut,         ///< `[query rows, hidden]` after the output projection
  kFfnOut,          ///< `[query rows, hidden]` before the residual is added
  kLogits,          ///< `[sequences, labels]`
};

std::string_view tap_name(Tap tap);  ///< "word_embeddings", "attn_probs", ...

/// A tap at a layer; layer is -1 for those that have none.
struct TapPoint {
  Tap tap = Tap::kWordEmbeddings;
  int layer = -1;
  auto operator<=>(const TapPoint&) const = default;
};

std::string to_string(TapPoint point);  ///< "hidden:3"

/// One forward: what to keep, where gradients go, what to put in place of the model's own values.
/// Made for one batch, used once, then dropped; not safe for concurrent use.
class Run {
 public:
  /// An edit sees the model's value and returns what goes on instead; written with ops, gradients
  /// flow through it.
  using Edit = std::function<Variable(const Variable&)>;

  // Before the forward.
  void capture(TapPoint point);  ///< keep the value
  void watch(TapPoint point);    ///< keep the value and let gradients flow to it
  void replace(TapPoint point, Tensor value);
  void edit(TapPoint point, Edit edit);
  /// Lets gradients flow to these weights wherever the model asks for them with parameter().
  void watch_parameters(const std::vector<Tensor>& weights);
  /// Lets the model leave values out at random, as in training; runs of equal seeds leave out the
  /// same.
  void drop_out(std::uint64_t seed);

  /// Once all tensors together take so many bytes, values that only gradients of weights need are
  /// not kept but computed again (see recompute.h); 0: never.
  void recompute_above(std::size_t bytes) { most_bytes_ = bytes; }

  /// How products with weights are computed, there and back; fp32 unless set.
  void set_precision(Precision precision) { precision_ = precision; }
  Precision precision() const { return precision_; }

  /// Nothing will be read of the logits but these outputs, ascending; a head with many may leave
  /// the others zero. Empty: all.
  void set_outputs(std::vector<std::int64_t> outputs) { outputs_ = std::move(outputs); }
  const std::vector<std::int64_t>& outputs() const { return outputs_; }

  // For models: every tap goes through pass(). A point that is replaced() need not be computed.
  Variable pass(TapPoint point, const Variable& value);
  bool replaced(TapPoint point) const;
  /// Deepest layer whose kHidden input is replaced, or -1: layers below it need not run.
  int first_layer() const;
  /// True when any tap inside this layer, or kHidden of the next (its output), is captured, watched
  /// or overridden, so that all of its rows are needed.
  bool touches_layer(int layer) const;
  /// A weight as operations take it: a constant unless it is watched.
  Variable parameter(const Tensor& weight) const;
  /// Whether weights are watched.
  bool trains() const { return !parameters_.empty(); }
  /// Whether what takes so many bytes had better not be kept; see recompute_above().
  bool recomputes(std::size_t bytes) const;
  /// The random stream of the next place where values are left out; nothing where none are.
  std::optional<std::array<std::uint64_t, 2>> next_dropout();

  // After the forward.
  const Variable& at(TapPoint point) const;  ///< throws if it was not captured or watched
  /// Gradients at watched points: `[seeds, ...]` each, see Tape::gradients.
  std::vector<Tensor> gradients(const Variable& output, const Seeds& seeds,
                                const std::vector<TapPoint>& points, bool release = false);
  /// Gradients at the weights watched, in their order: `[seeds, ...]` each. Frees what the forward
  /// saved.
  std::vector<Tensor> parameter_gradients(const Variable& output, const Tensor& seeds);

 private:
  friend Variable recompute(const Variable&, Run&, std::function<Variable(const Variable&, Run&)>);
  Tape tape_;
  Precision precision_ = Precision::kFp32;
  std::vector<std::int64_t> outputs_;
  std::set<TapPoint> captured_, watched_;
  std::map<TapPoint, Tensor> replacements_;
  std::map<TapPoint, Edit> edits_;
  std::map<TapPoint, Variable> values_;
  std::vector<Variable> parameters_;
  std::unordered_map<const void*, std::size_t> parameter_at_;  // by where the weight is stored
  std::optional<std::uint64_t> dropout_seed_;
  std::uint64_t dropouts_ = 0;
  std::size_t most_bytes_ = 0;
  mutable std::set<std::size_t> asked_;  // weights that the model has asked for, by number
};

}  // namespace ascribo
