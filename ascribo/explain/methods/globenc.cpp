// SPDX-License-Identifier: MIT
// GlobEnc: the lengths of the vectors that tokens give each other in a whole encoder layer, both
// norms included, multiplied out as they are. (Modarressi et al. 2022) What the feed-forward block
// adds only enters through the second norm's scale.
#include "ascribo/explain/decompose/vector_tables.h"

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
  run_vectors(
      {find_method("globenc"), option_set().values(options), options, AfterNorm::kSecond, "norms",
       [&](LayerVectors& vectors) {
         TokenTable table = vectors.norms(ops::VectorNorm::kL2);
         if (options.normalize_rows) normalize_rows(table);
         return table;
       }},
      tasks, scorer);
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
      .recipes = all_tokens_recipe,
      .run = run};
  return method;
}

}  // namespace ascribo
