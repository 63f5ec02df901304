// SPDX-License-Identifier: MIT
// Norm-based attention: how long the vector is that each token gives each other one, with the
// residual and the norm, multiplied out through all layers. (Kobayashi et al. 2021)
#include "ascribo/explain/decompose/vector_tables.h"

namespace ascribo {
namespace {

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const RowOptions options = row_options().parse("norm_rollout", given);
  run_vectors({find_method("norm_rollout"), row_options().values(options), options,
               AfterNorm::kFirst, "norms",
               [](LayerVectors& vectors) {
                 TokenTable table = vectors.norms(ops::VectorNorm::kL2);
                 normalize_rows(table);
                 return table;
               }},
              tasks, scorer);
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
      .options = [] { return row_options().describe(); },
      .recipes = all_tokens_recipe,
      .run = run};
  return method;
}

}  // namespace ascribo
