// SPDX-License-Identifier: MIT
// Attention rollout: attention through all layers, as if each token kept half of itself.
// (Abnar, Zuidema 2020)
#include <vector>

#include "ascribo/explain/decompose/token_tables.h"

namespace ascribo {
namespace {

TokenTable with_residual(TokenTable table) {
  for (std::size_t i = 0; i < table.size; ++i) table.at(i, i) += 1;
  normalize_rows(table);
  return table;
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const RowOptions options = row_options().parse("attention_rollout", given);
  run_tables(find_method("attention_rollout"), options, tasks, scorer,
             [&](Task& task, const TransformerParts& parts) {
               task.result.method.options = row_options().values(options);
               LayerTables tables(task, parts);
               walk_layers(task, scorer, parts, [&](const LayerView& view) {
                 tables.layers[view.index] = with_residual(mean_over_heads(view));
               });
               const std::vector<TokenTable> rollout = rolled_out(tables.layers);
               add_tables(task, "attention", tables.layers);
               add_tables(task, "rollout", rollout);
               set_row_scores(task, rollout, options, parts);
             });
}

}  // namespace

const Method& method_attention_rollout() {
  static const Method method{
      .name = "attention_rollout",
      .family = Family::kDecomposition,
      .summary = "Attention multiplied out through all layers, each token keeping half of itself.",
      .formula =
          "a = row i of R_L ... R_1, R_l = rows of (mean_h A_lh + I), each divided by its sum",
      .paper = "Abnar, Zuidema 2020: Quantifying Attention Flow in Transformers",
      .cost = "1 forward",
      .is_signed = false,
      .tables = "attention: R_l; rollout: R_l ... R_1",
      .scope = Scope::kTransformer,
      .options = [] { return row_options().describe(); },
      .recipes = all_tokens_recipe,
      .run = run};
  return method;
}

}  // namespace ascribo
