// SPDX-License-Identifier: MIT
// How good answers are, as GLUE measures it (Wang et al. 2019); correlations are in
// metrics/parts/agreement.h, answers to questions in squad_scores.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ascribo {

using Labels = std::span<const std::int64_t>;

/// Share of answers that are right.
double accuracy(Labels right, Labels given);
/// Harmonic mean of precision and recall of label 1; of more than two labels the mean over labels.
/// 0 where a label is neither right nor given.
double f1(Labels right, Labels given, std::int64_t labels);
/// Correlation of right and given labels (Matthews 1975; Gorodkin 2004 for more than two); 0 where
/// one side has a single label.
double matthews(Labels right, Labels given, std::int64_t labels);
/// Harmonic mean of precision and recall of whole entities, as seqeval and conlleval count them: an
/// entity begins at a B- tag, or at an I- tag of another kind than the tag before. `ends` has where
/// each text's words end. (Tjong Kim Sang & De Meulder 2003)
double entity_f1(Labels right, Labels given, std::span<const std::size_t> ends,
                 const std::vector<std::string>& names);
/// Whether tags mark entities: some begin with B- or I-.
bool marks_entities(const std::vector<std::string>& names);

/// Scores by name, the task's own first.
using NamedScores = std::vector<std::pair<std::string, double>>;

}  // namespace ascribo
