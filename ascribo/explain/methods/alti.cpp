// SPDX-License-Identifier: MIT
// ALTI: how near each token's vector comes to the vector it is a part of,
//   C_l[i, j] = max(0, ||y_i|| - ||y_i - T_ij||), rows divided by their sums,
// multiplied out through all layers. T_ij: explain/decompose/layer_vectors.h. (Ferrando, Gallego,
// Costa-jussa 2022; norms l1 as published)
#include <array>
#include <string>

#include "ascribo/base/error.h"
#include "ascribo/explain/decompose/vector_tables.h"

namespace ascribo {
namespace {

enum class NormName { kL1, kL2 };

struct Options : RowOptions {
  NormName norm = NormName::kL1;
  AfterNorm after = AfterNorm::kFirst;
};

}  // namespace

template <>
struct EnumNames<NormName> {
  static constexpr std::array<std::string_view, 2> kNames = {"l1", "l2"};
};

namespace {

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set = with_row_options(
      OptionSet<Options>()
          .add("norm", &Options::norm, "how distances are measured; l1 as published")
          .add("after", &Options::after,
               "the norm after which vectors are compared: the first, or the second of a layer "
               "that ends with one"));
  return set;
}

void check_after(const Options& options, const TransformerParts& parts) {
  if (options.after == AfterNorm::kFirst) return;
  for (const TransformerLayer& layer : parts.layers) {
    if (!layer.norm_first) continue;
    fail(Code::kUnsupported, "alti", "after is second, and the model's layers begin with norms",
         "expected first: no norm comes after the second block");
  }
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("alti", given);
  const Method& method = find_method("alti");
  check_after(options, structure_of(scorer.model(), method));
  const auto norm = options.norm == NormName::kL1 ? ops::VectorNorm::kL1 : ops::VectorNorm::kL2;
  run_vectors({method, option_set().values(options), options, options.after, "contributions",
               [norm](LayerVectors& vectors) { return alti_contributions(vectors, norm); }},
              tasks, scorer);
}

}  // namespace

const Method& method_alti() {
  static const Method method{
      .name = "alti",
      .family = Family::kDecomposition,
      .summary =
          "How much of each token's vector comes from each other token, layer by layer, multiplied "
          "out.",
      .formula =
          "a = row i of C_L ... C_1, C_l[i, j] = max(0, ||y_i|| - ||y_i - T_ij||), rows divided by "
          "their sums",
      .paper =
          "Ferrando, Gallego, Costa-jussa 2022: Measuring the Mixing of Contextual Information in "
          "the Transformer",
      .cost = "1 forward, and less than another for the vectors",
      .is_signed = false,
      .tables =
          "contributions: C_l; rollout: C_l ... C_1; recomposition_error: of each layer's vectors",
      .scope = Scope::kTransformer,
      .options = [] { return option_set().describe(); },
      .recipes = all_tokens_recipe,
      .run = run};
  return method;
}

}  // namespace ascribo
