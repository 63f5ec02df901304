// SPDX-License-Identifier: MIT
// With p the score of the whole text and p_j that after bin j (the first k_j units of n are gone,
// or all that is left), B bins:
//   eraser  k = ceil(q n), q in 1, 5, 10, 20, 50 %    sum_j (p - p_j) / B        DeYoung et al.
//   2020 alti    the same, p_j made monotone               sum_j (p - p_j) / (B + 1)  Ferrando et
//   al. 2022 ferret  k = floor(q n), q in 10, 20, ... 100 %; units with positive scores only; empty
//   and
//           repeated sets left out                    mean of p - p_j            Attanasio et al.
//           2023
// ERASER's paper divides by B + 1, its code by B. One by one: k = 0, 1, 2, ..., and the mean.
#include "ascribo/metrics/parts/erasure.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/perturb/replacement.h"
#include "ascribo/explain/task.h"
#include "ascribo/metrics/parts/ranking.h"

namespace ascribo {
namespace {

/// Whose definition.
enum class Erasure { kEraser, kAlti, kFerret };

struct Options {
  Erasure definition = Erasure::kEraser;
  std::string replace = "delete";
  MetricScore score = MetricScore::kProbability;
  std::optional<std::string> bins = {};
  std::optional<std::int64_t> one_by_one = {};
  std::optional<bool> monotone = {};
};

}  // namespace

template <>
struct EnumNames<Erasure> {
  static constexpr std::array<std::string_view, 3> kNames = {"eraser", "alti", "ferret"};
};

namespace {

// Shares that are whole numbers of units but for rounding are that number.
constexpr double kRounding = 1e-9;

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("definition", &Options::definition,
               "whose: eraser, alti or ferret; bins and averages differ")
          .add("replace", &Options::replace, kReplaceHelp)
          .add("score", &Options::score, kMetricScoreHelp)
          .add("bins", &Options::bins,
               "shares of the units, a space between, instead of the definition's: \"0.1 0.2 0.5\"")
          .add("one_by_one", &Options::one_by_one,
               "no bins, but 0, 1, 2, ... units, so many points at most (alti's curves: 30)")
          .check([](std::int64_t points) { return points >= 2; }, "expected at least 2")
          .add("monotone", &Options::monotone,
               "a score may not recover as more units go, or get lost as more come: each is "
               "replaced "
               "by the lowest (or highest) so far; alti's default");
  return set;
}

struct Plan {
  std::string_view metric;
  Options options;
  std::vector<double> bins;
  bool keep = false;
};

std::vector<double> read_bins(std::string_view metric, std::string_view text) {
  std::vector<double> bins;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    double share = 0;
    const auto [stop, error] = std::from_chars(at, end, share);
    if (error != std::errc() || !(share > 0 && share <= 1) || (stop != end && *stop != ' ')) {
      fail(Code::kInvalidArgument, metric, "bins is \"" + std::string(text) + "\"",
           "expected shares above 0 and at most 1 with a space between", "bins=\"0.1 0.2 0.5\"");
    }
    bins.push_back(share);
    at = stop;
    while (at != end && *at == ' ') ++at;
  }
  return bins;
}

std::vector<double> default_bins(Erasure definition) {
  if (definition != Erasure::kFerret) return {0.01, 0.05, 0.1, 0.2, 0.5};
  return {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0};
}

Plan make_plan(std::string_view metric, bool keep, const OptionValues& given) {
  Plan plan{metric, option_set().parse(metric, given), {}, keep};
  if (plan.options.bins && plan.options.one_by_one) {
    fail(Code::kInvalidArgument, metric, "both bins and one_by_one were given",
         "expected one of them");
  }
  plan.bins = plan.options.bins ? read_bins(metric, *plan.options.bins)
                                : default_bins(plan.options.definition);
  if (plan.bins.empty()) {
    fail(Code::kInvalidArgument, metric, "bins is empty", "expected at least one share");
  }
  return plan;
}

// Sets that ferret counts: of positive scores, neither empty nor seen before.
std::vector<std::size_t> positive_counts(const Plan& plan, std::span<const double> scores,
                                         std::span<const std::size_t> ranked) {
  const auto positive = static_cast<std::size_t>(std::count_if(
      ranked.begin(), ranked.end(), [&](std::size_t unit) { return scores[unit] > 0; }));
  std::vector<std::size_t> counts;
  for (const double share : plan.bins) {
    const auto count = static_cast<std::size_t>(
        std::floor(share * static_cast<double>(ranked.size()) + kRounding));
    const std::size_t kept = std::min(count, positive);
    if (kept > 0 && (counts.empty() || kept != counts.back())) counts.push_back(kept);
  }
  return counts;
}

std::vector<std::size_t> counts_of(const Plan& plan, std::span<const double> scores,
                                   std::span<const std::size_t> ranked) {
  std::vector<std::size_t> counts;
  if (ranked.empty()) return counts;
  if (plan.options.one_by_one) {
    counts.resize(std::min(static_cast<std::size_t>(*plan.options.one_by_one), ranked.size() + 1));
    std::iota(counts.begin(), counts.end(), std::size_t{0});
    return counts;
  }
  if (plan.options.definition == Erasure::kFerret) return positive_counts(plan, scores, ranked);
  for (const double share : plan.bins) {
    counts.push_back(static_cast<std::size_t>(
        std::ceil(share * static_cast<double>(ranked.size()) - kRounding)));
  }
  return counts;
}

void make_monotone(bool keep, std::vector<double>& curve) {
  for (std::size_t i = 1; i < curve.size(); ++i) {
    curve[i] = keep ? std::max(curve[i], curve[i - 1]) : std::min(curve[i], curve[i - 1]);
  }
}

TargetMeasure measure(const Plan& plan, double whole, std::span<const double> scores,
                      std::vector<double> curve) {
  const std::vector<std::size_t> ranked = ranked_units(scores);
  const std::vector<std::size_t> counts = counts_of(plan, scores, ranked);
  TargetMeasure found;
  found.counts.assign(counts.begin(), counts.end());
  const bool is_alti = plan.options.definition == Erasure::kAlti;
  if (plan.options.monotone.value_or(is_alti)) make_monotone(plan.keep, curve);
  double sum = 0;
  for (const double score : curve) sum += whole - score;
  auto parts = static_cast<double>(curve.size());
  if (is_alti && !plan.options.one_by_one) ++parts;
  const bool blind = ranked.empty();
  found.value = blind ? NAN : curve.empty() ? 0 : sum / parts;
  found.curve = std::move(curve);
  return found;
}

std::vector<Measure> run_erasure(std::string_view metric, bool keep, const OptionValues& given,
                                 std::span<Task> tasks, std::span<const Judged> judged,
                                 Scorer& scorer) {
  const Plan plan = make_plan(metric, keep, given);
  // The whole text comes first, then the points.
  const auto points = [&](std::span<const double> scores, std::span<const std::size_t> ranked) {
    std::vector<CurvePoint> wanted{{0, false}};
    for (const std::size_t count : counts_of(plan, scores, ranked)) wanted.push_back({count, keep});
    return wanted;
  };
  auto curves = curve_scores(metric, plan.options.replace, score_kind(plan.options.score), points,
                             tasks, judged, scorer);
  std::vector<Measure> found;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    std::vector<TargetMeasure> targets;
    for (std::size_t k = 0; k < curves[i].size(); ++k) {
      const double whole = curves[i][k].front();
      curves[i][k].erase(curves[i][k].begin());
      targets.push_back(measure(plan, whole, judged[i].scores[k], std::move(curves[i][k])));
    }
    found.push_back(mean_measure(metric, std::move(targets)));
  }
  return found;
}

template <bool kKeep>
Metric make_metric() {
  static constexpr std::string_view kName = kKeep ? "sufficiency" : "comprehensiveness";
  return {
      .name = kName,
      .summary = {},
      .formula = {},
      .paper =
          "DeYoung et al. 2020: ERASER: A Benchmark to Evaluate Rationalized NLP Models; "
          "Ferrando, Gallego, Costa-jussa 2022: Measuring the Mixing of Contextual "
          "Information in the Transformer; Attanasio et al. 2023: ferret: a Framework for "
          "Benchmarking Explainers on Transformers",
      .range = "-1 to 1 for a probability",
      .needs = "two units",
      .cost = "a forward per bin: 5, or 10 for ferret",
      .curve = true,
      .options = [] { return option_set().describe(); },
      .recipes =
          [] {
            return std::vector<Recipe>{{"alti", {{"definition", "alti"}}, ""}};
          },
      .score =
          [](const OptionValues& given) {
            return score_kind(option_set().parse(kName, given).score);
          },
      .run =
          [](const OptionValues& given, std::span<Task> tasks, std::span<const Judged> judged,
             Scorer& scorer) { return run_erasure(kName, kKeep, given, tasks, judged, scorer); }};
}

}  // namespace

Metric erasure_metric(bool keep) { return keep ? make_metric<true>() : make_metric<false>(); }

}  // namespace ascribo
