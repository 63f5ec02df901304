// SPDX-License-Identifier: MIT
// Tables between tokens, layer by layer, and what they come to through all layers.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/decompose/layer_walk.h"
#include "ascribo/explain/methods/gradient_options.h"

namespace ascribo {

/// `[tokens, tokens]`: what each token (row) has from each (column).
struct TokenTable {
  explicit TokenTable(std::int64_t tokens = 0)
      : size(static_cast<std::size_t>(tokens)), cells(size * size, 0.0) {}

  double& at(std::size_t row, std::size_t column) { return cells[row * size + column]; }
  double at(std::size_t row, std::size_t column) const { return cells[row * size + column]; }

  std::size_t size;
  std::vector<double> cells;
};

/// A table for every layer, zeros until it is filled in, and how well the layer's vectors add up.
struct LayerTables {
  LayerTables(const Task& task, const TransformerParts& parts)
      : layers(parts.layers.size(),
               TokenTable(static_cast<std::int64_t>(task.sequence.ids.size()))),
        errors(parts.layers.size(), 0.0) {}

  std::vector<TokenTable> layers;
  std::vector<double> errors;
};

TokenTable table_of(const Tensor& cells);

/// Mean over heads of probs `[heads, tokens, tokens]`.
TokenTable mean_over_heads(const LayerView& view);

/// Every row divided by its sum; a row of zeros stays one.
void normalize_rows(TokenTable& table);

/// T_l ... T_1 T_0 for every l (Abnar, Zuidema 2020).
std::vector<TokenTable> rolled_out(const std::vector<TokenTable>& layers);

/// Whether what layers found is carried down to the input's tokens.
enum class Rollout { kYes, kNo };

template <>
struct EnumNames<Rollout> {
  static constexpr std::array<std::string_view, 2> kNames = {"yes", "no"};
};

inline constexpr char kRolloutHelp[] =
    "carry what every layer found down to the input's tokens by the layers below; else it is that "
    "of the tokens at whose places it was found";

/// What all methods that give such tables share.
struct RowOptions {
  std::optional<std::int64_t> through, row;
  Aggregate aggregate = Aggregate::kSum;
};

/// Adds `through`, `row` and `aggregate` to a set whose struct derives from RowOptions.
template <class Options>
OptionSet<Options> with_row_options(OptionSet<Options> set) {
  using Number = std::optional<std::int64_t> Options::*;
  set.add("through", static_cast<Number>(&RowOptions::through),
          "the last layer that counts, from 0; by default the last there is");
  set.add("row", static_cast<Number>(&RowOptions::row),
          "the token whose row gives the scores, counted in the tokens of the input; by default "
          "that which the head reads for the target");
  set.add("aggregate", static_cast<Aggregate Options::*>(&RowOptions::aggregate), kAggregateHelp);
  return set;
}

/// Of methods that have no other options.
const OptionSet<RowOptions>& row_options();

/// `compat` alti: its tables and scores have special tokens.
std::vector<Recipe> all_tokens_recipe();

/// Errors: kInvalidArgument for a layer that the model does not have.
void check_layer(const RowOptions& options, const Model& model, const Method& method);

/// Appends a table `[layers, tokens, tokens]` to the task's result.
void add_tables(Task& task, const std::string& name, const std::vector<TokenTable>& layers);

/// Appends the table recomposition_error `[layers]`, and says in the notes how large the largest
/// is.
void add_errors(Task& task, const std::vector<double>& errors);

/// Sets every target's scores from its row of one layer's table; the mean where it has several.
/// Errors: kInvalidArgument for a row that the text does not have.
void set_row_scores(Task& task, const std::vector<TokenTable>& layers, const RowOptions& options,
                    const TransformerParts& parts);

/// How a method fills in one task after another.
void run_tables(const Method& method, const RowOptions& options, std::span<Task> tasks,
                Scorer& scorer, const std::function<void(Task&, const TransformerParts&)>& explain);

}  // namespace ascribo
