// SPDX-License-Identifier: MIT
// Products of tables, in double and in a fixed order, and the rows that answer a target.
#include "ascribo/explain/decompose/token_tables.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

#include "ascribo/base/assert.h"
#include "ascribo/base/error.h"

namespace ascribo {
namespace {

TokenTable product(const TokenTable& left, const TokenTable& right) {
  TokenTable result(static_cast<std::int64_t>(left.size));
  for (std::size_t i = 0; i < left.size; ++i) {
    for (std::size_t k = 0; k < left.size; ++k) {
      const double factor = left.at(i, k);
      for (std::size_t j = 0; j < left.size; ++j) result.at(i, j) += factor * right.at(k, j);
    }
  }
  return result;
}

void check_row(std::int64_t row, std::size_t tokens) {
  if (row >= 0 && static_cast<std::size_t>(row) < tokens) return;
  fail(Code::kInvalidArgument, "row", "\"" + std::to_string(row) + "\" is no token of the text",
       "expected 0 to " + std::to_string(tokens - 1));
}

}  // namespace

TokenTable table_of(const Tensor& cells) {
  TokenTable table(cells.rows());
  table.cells = cells.to_vector<double>();
  return table;
}

TokenTable mean_over_heads(const LayerView& view) {
  TokenTable mean(view.tokens());
  const std::vector<double> probs = view.probs.to_vector<double>();
  const auto heads = static_cast<double>(view.heads);
  for (auto prob = probs.begin(); prob != probs.end();) {
    for (double& cell : mean.cells) cell += *prob++ / heads;
  }
  return mean;
}

void normalize_rows(TokenTable& table) {
  for (std::size_t i = 0; i < table.size; ++i) {
    const auto row = table.cells.begin() + static_cast<std::ptrdiff_t>(i * table.size);
    const auto end = row + static_cast<std::ptrdiff_t>(table.size);
    const double sum = std::accumulate(row, end, 0.0);
    if (sum != 0) std::transform(row, end, row, [=](double cell) { return cell / sum; });
  }
}

std::vector<TokenTable> rolled_out(const std::vector<TokenTable>& layers) {
  std::vector<TokenTable> rollout;
  for (const TokenTable& layer : layers) {
    rollout.push_back(rollout.empty() ? layer : product(layer, rollout.back()));
  }
  return rollout;
}

const OptionSet<RowOptions>& row_options() {
  static const OptionSet<RowOptions> set = with_row_options(OptionSet<RowOptions>());
  return set;
}

std::vector<Recipe> all_tokens_recipe() { return {{"alti", {{"unit", "all_tokens"}}, ""}}; }

void check_layer(const RowOptions& options, const Model& model, const Method& method) {
  const std::int64_t layers = model.info().layers;
  if (!options.through || (*options.through >= 0 && *options.through < layers)) return;
  fail(Code::kInvalidArgument, method.name,
       "through is \"" + std::to_string(*options.through) + '"',
       "expected 0 to " + std::to_string(layers - 1));
}

void add_tables(Task& task, const std::string& name, const std::vector<TokenTable>& layers) {
  const auto tokens = static_cast<std::int64_t>(task.sequence.ids.size());
  LayerTable table{name, {static_cast<std::int64_t>(layers.size()), tokens, tokens}, {}};
  for (const TokenTable& layer : layers) {
    table.data.insert(table.data.end(), layer.cells.begin(), layer.cells.end());
  }
  if (!task.result.layers) task.result.layers.emplace();
  task.result.layers->push_back(std::move(table));
}

void add_errors(Task& task, const std::vector<double>& errors) {
  const double largest = *std::max_element(errors.begin(), errors.end());
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1e", largest);
  task.note("each layer's vectors add up to its output within " + std::string(text.data()) +
            " of the largest value");
  LayerTable table{"recomposition_error", {static_cast<std::int64_t>(errors.size())}, {}};
  table.data.assign(errors.begin(), errors.end());
  if (!task.result.layers) task.result.layers.emplace();
  task.result.layers->push_back(std::move(table));
}

void set_row_scores(Task& task, const std::vector<TokenTable>& layers, const RowOptions& options,
                    const TransformerParts& parts) {
  const TokenTable& table =
      options.through ? layers[static_cast<std::size_t>(*options.through)] : layers.back();
  if (options.row) check_row(*options.row, table.size);
  for (std::size_t k = 0; k < task.targets.size(); ++k) {
    const std::vector<std::int64_t> rows =
        options.row ? std::vector{*options.row} : rows_of(task, task.targets[k], parts);
    ASCRIBO_ASSERT(!rows.empty());
    std::vector<double> scores(table.size, 0.0);
    for (const std::int64_t row : rows) {
      for (std::size_t j = 0; j < table.size; ++j) {
        scores[j] += table.at(static_cast<std::size_t>(row), j) / static_cast<double>(rows.size());
      }
    }
    set_scores(task, k, scores, options.aggregate);
  }
}

void run_tables(const Method& method, const RowOptions& options, std::span<Task> tasks,
                Scorer& scorer,
                const std::function<void(Task&, const TransformerParts&)>& explain) {
  const TransformerParts& parts = structure_of(scorer.model(), method);
  check_layer(options, scorer.model(), method);
  for (Task& task : tasks) {
    if (task.keep_values) task.note("values: " + std::string(method.name) + " has none");
    explain(task, parts);
  }
}

}  // namespace ascribo
