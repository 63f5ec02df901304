// SPDX-License-Identifier: MIT
// Shapley values by all 2^m masks: what a unit adds to every set of the others,
//   a_i = sum_S |S|! (m - |S| - 1)! / m! (F(S and i) - F(S)). (Shapley 1953.)
#include <bit>
#include <string>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/perturb/mask_scores.h"

namespace ascribo {
namespace {

constexpr std::int64_t kMostUnits = 16, kLimit = 22;

struct Options {
  std::int64_t max_units = kMostUnits;
  std::string replace = "mask";
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("max_units", &Options::max_units,
               "refuse texts of more units than this: each one doubles the cost")
          .check([](std::int64_t units) { return units >= 1 && units <= kLimit; },
                 "expected 1 to " + std::to_string(kLimit))
          .add("replace", &Options::replace, kReplaceHelp);
  return set;
}

void check_units(const Task& task, const Options& options) {
  const std::size_t units = task.result.units.size();
  if (static_cast<std::int64_t>(units) <= options.max_units) return;
  const std::string cost =
      units < 63 ? std::to_string(std::uint64_t{1} << units) : "2^" + std::to_string(units);
  fail(Code::kUnsupported, "exact_shapley",
       "the text has " + std::to_string(units) + " units, which takes " + cost + " forwards",
       "expected at most " + std::to_string(options.max_units) + " units",
       "use a larger --unit, --max-units, or kernel_shap, which samples");
}

// Row r shows unit i where bit i of r is set: row 0 hides everything, the last is the text.
Design all_masks(std::size_t units) {
  Design design(units);
  for (std::size_t shown = 0; shown < std::size_t{1} << units; ++shown) {
    const auto row = design.add();
    for (std::size_t i = 0; i < units; ++i) row[i] = (shown >> i & 1) == 0;
  }
  return design;
}

// |S|! (m - |S| - 1)! / m! = 1 / (m C(m - 1, |S|))
std::vector<double> weights_by_size(std::size_t units) {
  std::vector<double> weights;
  double choices = 1;
  for (std::size_t size = 0; size < units; ++size) {
    weights.push_back(1 / (static_cast<double>(units) * choices));
    choices = choices * static_cast<double>(units - 1 - size) / static_cast<double>(size + 1);
  }
  return weights;
}

void set_shapley(Task& task, const MaskScores& scores) {
  const std::size_t units = task.result.units.size();
  const std::vector<double> weights = weights_by_size(units);
  for (std::size_t k = 0; k < scores.targets; ++k) {
    std::vector<double> values(units, 0.0);
    for (std::size_t shown = 0; shown < scores.rows(); ++shown) {
      const double score = scores.at(shown, k);
      const auto size = static_cast<std::size_t>(std::popcount(shown));
      for (std::size_t i = 0; i < units; ++i) {
        if (shown >> i & 1) {
          values[i] += weights[size - 1] * score;
        } else {
          values[i] -= weights[size] * score;
        }
      }
    }
    set_unit_scores(task, k, values);
    set_completeness(task, k, scores.at(0, k));
  }
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("exact_shapley", given);
  for (const Task& task : tasks) check_units(task, options);
  MaskScorer masks(options.replace, tasks, scorer);
  std::vector<Design> designs;
  for (Task& task : tasks) {
    task.result.method.options = option_set().values(options);
    begin_unit_scores(task);
    designs.push_back(all_masks(task.result.units.size()));
  }
  std::vector<MaskScores> scores;
  masks.score(designs, scores);
  for (std::size_t i = 0; i < tasks.size(); ++i) set_shapley(tasks[i], scores[i]);
}

}  // namespace

const Method& method_exact_shapley() {
  static const Method method{
      .name = "exact_shapley",
      .family = Family::kPerturbation,
      .summary = "Shapley values of the units by enumeration: the truth that others estimate.",
      .formula = "a_i = sum_S |S|! (m - |S| - 1)! / m! (F(S and i) - F(S)), S sets of other units",
      .paper = "Shapley 1953: A Value for n-Person Games",
      .cost = "2^units forwards",
      .completeness = true,
      .exact_on_linear = true,
      .most_units = kMostUnits,
      .options = [] { return option_set().describe(); },
      .run = run};
  return method;
}

}  // namespace ascribo
