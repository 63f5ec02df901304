// SPDX-License-Identifier: MIT
// Shapley values from random orders: what the score gains when a unit is shown after those before
// it, averaged. (Castro, Gomez, Tejada 2009; Strumbelj, Kononenko 2010.) Each order is followed by
// its reverse, which cancels much of the noise (Mitchell et al. 2022).
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/draws.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/perturb/random_order.h"
#include "ascribo/explain/perturb/sampling.h"

namespace ascribo {
namespace {

struct Options {
  std::int64_t samples = 26;
  std::string replace = "mask";
  std::optional<double> error;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("samples", &Options::samples,
               "random orders; every second one is the reverse of the one before")
          .check([](std::int64_t samples) { return samples >= 4 && samples % 2 == 0; },
                 "expected an even number of at least 4")
          .add("replace", &Options::replace, kReplaceHelp)
          .add("error", &Options::error, kErrorHelp)
          .check(is_error, kErrorExpected);
  return set;
}

using Order = std::vector<std::size_t>;

Order draw_order(const Task& task, std::int64_t sample) {
  const std::size_t units = task.result.units.size();
  Rng rng = ascribo::draw(task, Draw::kOrder, static_cast<std::uint64_t>(sample / 2));
  Order order = random_order(units, units, rng);
  if (sample % 2 == 1) std::reverse(order.begin(), order.end());
  return order;
}

// A row that hides everything; then for each order the rows between nothing and everything shown.
Design draw(const Task& task, std::int64_t samples) {
  const std::size_t units = task.result.units.size();
  Design design(units);
  design.add_everything();
  std::vector<std::uint8_t> hidden(units, 1);
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    std::fill(hidden.begin(), hidden.end(), std::uint8_t{1});
    const Order order = draw_order(task, sample);
    for (std::size_t i = 0; i + 1 < units; ++i) {
      hidden[order[i]] = 0;
      design.add(hidden);
    }
  }
  return design;
}

double estimate_target(Task& task, std::size_t target, std::int64_t samples,
                       const MaskScores& scores) {
  const std::size_t units = task.result.units.size();
  const double nothing = scores.at(0, target);
  std::vector<double> sums(units, 0.0), squares(units, 0.0), pair(units, 0.0);
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    const Order order = draw_order(task, sample);
    const std::size_t first = 1 + static_cast<std::size_t>(sample) * (units - 1);
    double before = nothing;
    for (std::size_t i = 0; i < units; ++i) {
      const double after =
          i + 1 < units ? scores.at(first + i, target) : task.result.attributions[target].value;
      pair[order[i]] += (after - before) / 2;
      before = after;
    }
    if (sample % 2 == 0) continue;
    for (std::size_t i = 0; i < units; ++i) {
      sums[i] += pair[i];
      squares[i] += pair[i] * pair[i];
      pair[i] = 0;
    }
  }
  const auto whole_pairs = samples / 2;
  const auto pairs = static_cast<double>(whole_pairs);
  std::vector<double> errors(units);
  for (std::size_t i = 0; i < units; ++i) {
    sums[i] /= pairs;
    const double variance = std::max(0.0, squares[i] / pairs - sums[i] * sums[i]);
    errors[i] = std::sqrt(variance / (pairs - 1));
  }
  set_unit_scores(task, target, sums, errors);
  set_completeness(task, target, nothing);
  return *std::max_element(errors.begin(), errors.end());
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("shapley_sampling", given);
  sample({.error = options.error,
          .samples = [&](const Task&) { return options.samples; },
          .design = draw,
          .estimate =
              [](Task& task, std::int64_t samples, const Design&, const MaskScores& scores) {
                double largest = 0;
                for (std::size_t k = 0; k < scores.targets; ++k) {
                  largest = std::max(largest, estimate_target(task, k, samples, scores));
                }
                return largest;
              }},
         options.replace, option_set().values(options), tasks, scorer);
}

}  // namespace

const Method& method_shapley_sampling() {
  static const Method method{
      .name = "shapley_sampling",
      .family = Family::kPerturbation,
      .summary = "Shapley values of the units from random orders, with errors.",
      .formula = "a_i = mean over orders of F(units before i and i) - F(units before i)",
      .paper =
          "Castro, Gomez, Tejada 2009: Polynomial calculation of the Shapley value based on "
          "sampling; Mitchell et al. 2022: Sampling Permutations for Shapley Value Estimation",
      .cost = "samples x (units - 1) + 1 forwards; equal masks once",
      .completeness = true,
      .exact_on_linear = true,
      .is_sampled = true,
      .options = [] { return option_set().describe(); },
      .run = run};
  return method;
}

}  // namespace ascribo
