// SPDX-License-Identifier: MIT
// How good answers are, as GLUE measures it (Wang et al. 2019).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ascribo {

using Labels = std::span<const std::int64_t>;
using Numbers = std::span<const double>;

/// Share of answers that are right.
double accuracy(Labels right, Labels given);
/// Harmonic mean of precision and recall of label 1; of more than two labels the mean over labels.
/// 0 where a label is neither right nor given.
double f1(Labels right, Labels given, std::int64_t labels);
/// Correlation of right and given labels (Matthews 1975; Gorodkin 2004 for more than two); 0 where
/// one side has a single label.
double matthews(Labels right, Labels given, std::int64_t labels);
/// Linear correlation; 0 where one side is constant.
double pearson(Numbers right, Numbers given);
/// Linear correlation of ranks; equals share their mean rank.
double spearman(Numbers right, Numbers given);

/// Scores by name, the task's own first.
using NamedScores = std::vector<std::pair<std::string, double>>;

}  // namespace ascribo
