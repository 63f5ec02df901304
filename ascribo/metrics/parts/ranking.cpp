// SPDX-License-Identifier: MIT
// Makes masks from rankings and has them scored.
#include "ascribo/metrics/parts/ranking.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/explain/perturb/mask_scores.h"

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

NamedAs::NamedAs(std::span<Task> tasks, std::string_view name) : tasks_(tasks) {
  for (Task& task : tasks_) {
    names_.push_back(std::exchange(task.result.method.name, std::string(name)));
  }
}

NamedAs::~NamedAs() {
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    tasks_[i].result.method.name = std::move(names_[i]);
  }
}

void require_ranking(const Task& task, std::string_view metric) {
  if (!task.parts.empty()) {
    const bool contrast = task.is_contrast;
    fail(Code::kUnsupported, metric,
         contrast ? "two continuations are compared" : "the text is read in windows",
         contrast ? "expected one" : "expected one that the model reads at once",
         contrast ? "" : "--truncate cuts it");
  }
  if (task.result.units.size() >= 2) return;
  fail(Code::kUnsupported, metric,
       "the text has one unit, \"" + task.result.units.front().text + "\"",
       "expected at least two to rank", "use a smaller --unit");
}

std::vector<std::vector<std::vector<double>>> curve_scores(
    std::string_view metric, std::string_view replace, std::optional<ScoreKind> kind,
    const CurvePoints& points, std::span<Task> tasks, std::span<const Judged> judged,
    Scorer& scorer) {
  const NamedAs named(tasks, metric);
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
  MaskScorer masks(replace, tasks, scorer, kind);
  std::vector<MaskScores> found;
  masks.score(designs, found);
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
