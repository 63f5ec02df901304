// SPDX-License-Identifier: MIT
// Raw attention: how much each token looks at each other one in one layer, the mean over its heads.
// It says where a layer looks, not what it takes from there.
#include <string>
#include <vector>

#include "ascribo/explain/decompose/token_tables.h"

namespace ascribo {
namespace {

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const RowOptions options = row_options().parse("raw_attention", given);
  run_tables(find_method("raw_attention"), options, tasks, scorer,
             [&](Task& task, const TransformerParts& parts) {
               task.result.method.options = row_options().values(options);
               LayerTables tables(task, parts);
               walk_layers(task, scorer, parts, [&](const LayerView& view) {
                 tables.layers[view.index] = mean_over_heads(view);
               });
               add_tables(task, "attention", tables.layers);
               set_row_scores(task, tables.layers, options, parts);
             });
}

}  // namespace

const Method& method_raw_attention() {
  static const Method method{
      .name = "raw_attention",
      .family = Family::kDecomposition,
      .summary = "How much a token looks at each other one in a layer, the mean over its heads.",
      .formula = "a_j = mean_h A_lh[i, j], i: the token that the head reads",
      .paper =
          "Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser, Polosukhin 2017: Attention "
          "Is All You Need",
      .cost = "1 forward",
      .is_signed = false,
      .tables = "attention: the mean over heads",
      .scope = Scope::kTransformer,
      .options = [] { return row_options().describe(); },
      .recipes = all_tokens_recipe,
      .run = run};
  return method;
}

}  // namespace ascribo
