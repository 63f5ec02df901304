// SPDX-License-Identifier: MIT
// How good a model's answers are.
#pragma once

#include <vector>

#include "ascribo/models/model.h"
#include "ascribo/study/answer_scores.h"
#include "ascribo/study/loss.h"

namespace ascribo {

/// How good a model is on examples it does not learn from.
struct ModelScores {
  double loss = 0;
  NamedScores scores;
};

/// Loss and scores over all examples; the first score is the objective's own: accuracy of labels,
/// tokens and words, F1 over all (text, label) pairs of kLabels and over entities where tags mark
/// some, Pearson's correlation of numbers, and of answers SQuAD's F1, for which they need their
/// texts.
ModelScores scores_of_model(const Model& model, const std::vector<Example>& examples,
                            Objective objective);

}  // namespace ascribo
