// SPDX-License-Identifier: MIT
// GlobEnc: the lengths of the vectors that tokens give each other in a whole encoder layer, both
// norms included, multiplied out as they are. (Modarressi et al. 2022) What the feed-forward block
// adds only enters through the second norm's scale.
#include <vector>

#include "ascribo/explain/decompose/layer_vectors.h"

namespace ascribo {
namespace {

struct Options : RowOptions {
  bool normalize_rows = false;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set = with_row_options(OptionSet<Options>().add(
      "normalize_rows", &Options::normalize_rows,
      "divide the rows of every layer by their sums before layers are multiplied; as published "
      "they are not"));
  return set;
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("globenc", given);
  run_tables(find_method("globenc"), options, tasks, scorer,
             [&](Task& task, const TransformerParts& parts) {
               task.result.method.options = option_set().values(options);
               LayerTables tables(task, parts);
               walk_layers(task, scorer, parts, [&](const LayerView& view) {
                 const LayerVectors vectors = layer_vectors(view, AfterNorm::kSecond);
                 tables.layers[view.index] = vectors.norms(ops::VectorNorm::kL2);
                 if (options.normalize_rows) normalize_rows(tables.layers[view.index]);
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

const Method& method_globenc() {
  static const Method method{
      .name = "globenc",
      .family = Family::kDecomposition,
      .summary =
          "The lengths of the vectors that tokens give each other in whole encoder layers, "
          "multiplied out.",
      .formula = "a = row i of N_L ... N_1, N_l[i, j] = ||L2(T_ij)||, L2: the second norm",
      .paper =
          "Modarressi, Fayyaz, Yaghoobzadeh, Pilehvar 2022: GlobEnc: Quantifying Global Token "
          "Attribution by Incorporating the Whole Encoder Layer in Transformers",
      .cost = "1 forward, and less than another for the vectors",
      .is_signed = false,
      .tables = "norms: N_l; rollout: N_l ... N_1; recomposition_error: of each layer's vectors",
      .scope = Scope::kPostNorm,
      .options = [] { return option_set().describe(); },
      .recipes =
          [] {
            return std::vector<Recipe>{{"alti", {{"unit", "all_tokens"}}, ""}};
          },
      .run = run};
  return method;
}

}  // namespace ascribo
