// SPDX-License-Identifier: MIT
// Norm-based attention: how long the vector is that each token gives each other one, with the
// residual and the norm, multiplied out through all layers. (Kobayashi et al. 2021)
#include <vector>

#include "ascribo/explain/decompose/layer_vectors.h"

namespace ascribo {
namespace {

struct Options : RowOptions {};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set = with_row_options(OptionSet<Options>());
  return set;
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("norm_rollout", given);
  run_tables(find_method("norm_rollout"), options, tasks, scorer,
             [&](Task& task, const TransformerParts& parts) {
               task.result.method.options = option_set().values(options);
               LayerTables tables(task, parts);
               walk_layers(task, scorer, parts, [&](const LayerView& view) {
                 const LayerVectors vectors = layer_vectors(view, AfterNorm::kFirst);
                 tables.layers[view.index] = vectors.norms(ops::VectorNorm::kL2);
                 normalize_rows(tables.layers[view.index]);
                 tables.errors[view.index] = vectors.recomposition_error;
               });
               const std::vector<TokenTable> rollout = rolled_out(tables.layers);
               add_tables(task, "norms", tables.layers);
               add_tables(task, "rollout", rollout);
               add_errors(task, tables.errors);
               set_row_scores(task, rollout, options, parts);
             });
}

}  // namespace

const Method& method_norm_rollout() {
  static const Method method{
      .name = "norm_rollout",
      .family = Family::kDecomposition,
      .summary =
          "The lengths of the vectors that tokens give each other, multiplied out through all "
          "layers.",
      .formula = "a = row i of N_L ... N_1, N_l[i, j] = ||T_ij|| / sum_k ||T_ik||",
      .paper =
          "Kobayashi, Kuribayashi, Yokoi, Inui 2021: Incorporating Residual and Normalization "
          "Layers into Analysis of Masked Language Models",
      .cost = "1 forward, and less than another for the vectors",
      .is_signed = false,
      .tables = "norms: N_l; rollout: N_l ... N_1; recomposition_error: of each layer's vectors",
      .scope = Scope::kTransformer,
      .options = [] { return option_set().describe(); },
      .recipes =
          [] {
            return std::vector<Recipe>{{"alti", {{"unit", "all_tokens"}}, ""}};
          },
      .run = run};
  return method;
}

}  // namespace ascribo
