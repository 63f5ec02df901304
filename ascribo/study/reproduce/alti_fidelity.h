// SPDX-License-Identifier: MIT
// How faithful the study's scores are: what the model says as the tokens ranked highest go, or as
// they are all that is left.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ascribo/metrics/comparison/compare.h"
#include "ascribo/study/reproduce/alti_study.h"

namespace ascribo {

enum class Fidelity { kComp, kSuff };

template <>
struct EnumNames<Fidelity> {
  static constexpr std::array<std::string_view, 2> kNames = {"comp", "suff"};
};

struct FidelityOptions {
  Fidelity fidelity = Fidelity::kComp;
  bool bins = false;               ///< 1, 5, 10, 20, 50 % of the tokens; else one by one
  std::int64_t most_gone = 30;     ///< one by one: so many points at most, from none gone on
  std::int64_t most_tokens = 200;  ///< longer texts are left out, and counted
  std::uint64_t seed = 0;          ///< of intervals
};

/// What explain_alti gave all texts, of one method under one recipe.
struct AltiScores {
  AltiRecipe recipe = AltiRecipe::kPublished;
  std::string method;
  std::vector<Explanation> texts;  ///< the same texts for every method
};

struct AltiFidelity {
  /// Rows are methods, columns the recipes. Published: alti's definition, whose probabilities never
  /// recover, and whose mean over bins divides by one more than there are. Corrected: the
  /// probabilities as they are. Curves are means over the texts that are long enough.
  Comparison comparison;
  std::vector<double> places;  ///< of the curves' points: tokens gone, or shares of them
  std::int64_t too_long = 0;   ///< texts left out for their length
};

struct FidelityProgress {
  /// As in Subject::Stream; the number is that of the text in the scores.
  std::function<bool(std::int64_t, const std::exception&)> failed = {};
  /// Counts rankings: one for each text and method under each recipe.
  ProgressCallback progress = {};
};

/// All methods share what the model says of equal masks. Errors: kInvalidArgument for scores of
/// other texts or tokens than this model and tokenizer have, or not the same number for every
/// method; those of the metrics.
AltiFidelity alti_fidelity(const Subject& subject, const std::vector<AltiScores>& scores,
                           const FidelityOptions& options, const FidelityProgress& progress = {});

}  // namespace ascribo
