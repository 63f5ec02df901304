// SPDX-License-Identifier: MIT
// Units in the order of their scores, and the model's scores as they go or come in that order.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"
#include "ascribo/explain/score.h"
#include "ascribo/metrics/metric.h"

namespace ascribo {

/// What is asked of the model while units are hidden.
enum class MetricScore { kProbability, kLogit, kLogProbability, kExplained };

template <>
struct EnumNames<MetricScore> {
  static constexpr std::array<std::string_view, 4> kNames = {"probability", "logit",
                                                             "log_probability", "explained"};
};

inline constexpr char kMetricScoreHelp[] =
    "what the model is asked: the target's probability, logit or log_probability, or what was "
    "explained; a model without probabilities is asked what was explained";

/// Nothing for kExplained.
std::optional<ScoreKind> score_kind(MetricScore score);

/// The units that have a score, the highest first, ties in the order of the text.
std::vector<std::size_t> ranked_units(std::span<const double> scores);

/// Throws kUnsupported for a text of fewer than two units: there is nothing to rank.
void require_ranking(const Task& task, std::string_view metric);

/// Magnitudes of the scores that there are.
std::vector<double> magnitudes(std::span<const double> scores);

/// One point of a curve: the `count` units ranked highest are hidden, or are all that is left of
/// those that are ranked.
struct CurvePoint {
  std::size_t count = 0;
  bool keep = false;
};

/// The points of a target's curve, from its units, ranked.
using CurvePoints = std::function<std::vector<CurvePoint>(std::span<const double> scores,
                                                          std::span<const std::size_t> ranked)>;

/// The model's scores at the points of every text and target, `[texts][targets][points]`: all texts
/// share batches, and a mask that was seen before costs nothing. `metric` is named in errors, which
/// are those of MaskScorer.
std::vector<std::vector<std::vector<double>>> curve_scores(
    std::string_view metric, std::string_view replace, std::optional<ScoreKind> kind,
    const CurvePoints& points, std::span<Task> tasks, std::span<const Judged> judged,
    Scorer& scorer);

/// The mean over targets. Targets without a value (NaN) are left out; errors: kUnsupported when
/// none has one.
Measure mean_measure(std::string_view metric, std::vector<TargetMeasure> targets);

}  // namespace ascribo
