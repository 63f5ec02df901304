// SPDX-License-Identifier: MIT
// Makes masks from rankings and has them scored.
#include "ascribo/metrics/parts/ranking.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/metrics/parts/hidden_scores.h"

namespace ascribo {
namespace {

void add_row(const CurvePoint& point, std::span<const std::size_t> ranked, Design& design) {
  const auto row = design.add();
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    if ((i < point.count) != point.keep) row[ranked[i]] = 1;
  }
}

}  // namespace

std::optional<ScoreKind> score_kind(MetricScore score) {
  switch (score) {
    case MetricScore::kProbability: return ScoreKind::kProbability;
    case MetricScore::kLogit: return ScoreKind::kLogit;
    case MetricScore::kLogProbability: return ScoreKind::kLogProbability;
    case MetricScore::kExplained: break;
  }
  return std::nullopt;
}

std::vector<std::size_t> ranked_units(std::span<const double> scores) {
  std::vector<std::size_t> units;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!std::isnan(scores[i])) units.push_back(i);
  }
  std::stable_sort(units.begin(), units.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  return units;
}

std::vector<double> magnitudes(std::span<const double> scores) {
  std::vector<double> found;
  for (const double score : scores) {
    if (!std::isnan(score)) found.push_back(std::abs(score));
  }
  return found;
}

void require_ranking(const Task& task, std::string_view metric) {
  if (task.result.units.size() >= 2) return;
  fail(Code::kUnsupported, metric,
       "the text has one unit, \"" + task.result.units.front().text + "\"",
       "expected at least two to rank", "use a smaller --unit");
}

std::vector<std::vector<std::vector<double>>> curve_scores(
    std::string_view metric, std::string_view replace, std::optional<ScoreKind> kind,
    const CurvePoints& points, std::span<Task> tasks, std::span<const Judged> judged,
    Scorer& scorer) {
  std::vector<Design> designs;
  std::vector<std::vector<std::size_t>> lengths;  // points of every target
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    require_ranking(tasks[i], metric);
    Design& design = designs.emplace_back(tasks[i].result.units.size());
    lengths.emplace_back();
    for (const std::vector<double>& scores : judged[i].scores) {
      const std::vector<std::size_t> ranked = ranked_units(scores);
      const std::vector<CurvePoint> wanted = points(scores, ranked);
      for (const CurvePoint& point : wanted) add_row(point, ranked, design);
      lengths.back().push_back(wanted.size());
    }
  }
  const std::vector<MaskScores> found =
      hidden_scores(metric, replace, kind, tasks, designs, scorer);
  std::vector<std::vector<std::vector<double>>> curves(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    std::size_t row = 0;
    for (std::size_t k = 0; k < lengths[i].size(); ++k) {
      std::vector<double>& curve = curves[i].emplace_back();
      for (std::size_t n = 0; n < lengths[i][k]; ++n) curve.push_back(found[i].at(row++, k));
    }
  }
  return curves;
}

Measure mean_measure(std::string_view metric, std::vector<TargetMeasure> targets) {
  double sum = 0, count = 0;
  for (const TargetMeasure& target : targets) {
    if (std::isnan(target.value)) continue;
    sum += target.value;
    ++count;
  }
  if (count == 0) {
    fail(Code::kUnsupported, metric, "no target sees a unit that could be hidden",
         "expected one that does");
  }
  return {sum / count, std::move(targets)};
}

}  // namespace ascribo
