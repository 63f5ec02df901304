// SPDX-License-Identifier: MIT
// Sobol indices: the share of the score's variance, over texts with units hidden at random, that a
// unit has alone (first order) or with others (total order). (Sobol 1993; for explanations Fel et
// al. 2021.) Estimated after Jansen 1999 from designs A and B and, for each unit, A with that
// unit's column of B.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/draws.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/perturb/sampling.h"
#include "ascribo/explain/perturb/spread_points.h"

namespace ascribo {

enum class SobolOrder { kFirst, kTotal };
template <>
struct EnumNames<SobolOrder> {
  static constexpr std::array<std::string_view, 2> kNames = {"first", "total"};
};

enum class SobolRecipe { kPublished, kInterpreto };
template <>
struct EnumNames<SobolRecipe> {
  static constexpr std::array<std::string_view, 2> kNames = {"published", "interpreto"};
};

namespace {

struct Options {
  std::int64_t samples = 32;
  SobolOrder order = SobolOrder::kFirst;
  Sampler sampler = Sampler::kLatinHypercube;
  std::string replace = "mask";
  std::optional<double> error;
  SobolRecipe recipe = SobolRecipe::kPublished;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("samples", &Options::samples, "rows of each design; a unit costs as many forwards")
          .check([](std::int64_t samples) { return samples >= 3; }, "expected at least 3")
          .add("order", &Options::order,
               "first: what a unit does alone; total: with all that it does together with others")
          .add("sampler", &Options::sampler,
               "how the points of the designs are spread; of N Sobol points only log2 N halves are "
               "independent, so units share columns unless N is very large")
          .add("replace", &Options::replace, kReplaceHelp)
          .add("error", &Options::error, kErrorHelp)
          .check(is_error, kErrorExpected)
          .add("recipe", &Options::recipe, "")
          .internal();
  return set;
}

// Rows of A, rows of B, then for each unit those of A with its column of B.
Design draw(const Task& task, std::int64_t samples, const Options& options) {
  const std::size_t units = task.result.units.size();
  const Table points =
      spread_points(options.sampler, samples, 2 * units, task.result.seed, draw_key(task.sequence));
  const auto hides = [&](std::int64_t row, std::size_t column) -> std::uint8_t {
    return points.numbers[static_cast<std::size_t>(row) * 2 * units + column] < 0.5;
  };
  Design design(units);
  for (std::size_t block = 0; block < units + 2; ++block) {
    for (std::int64_t i = 0; i < samples; ++i) {
      const auto row = design.add();
      for (std::size_t u = 0; u < units; ++u) {
        const bool from_b = block == 1 || block == u + 2;
        row[u] = hides(i, from_b ? units + u : u);
      }
    }
  }
  return design;
}

double variance(double sum, double squares, double count) {
  return std::max(0.0, (squares - sum * sum / count) / (count - 1));
}

// One unit's index, with or without one row of the designs.
class Index {
 public:
  Index(const MaskScores& scores, std::size_t target, std::size_t unit, const Options& options)
      : scores_(scores), target_(target), unit_(unit), options_(options) {
    // The whole design has a row for A, for B and for each unit.
  }

  void read(std::size_t rows) {
    rows_ = rows;
    for (std::size_t i = 0; i < rows; ++i) {
      const double a = at(0, i), b = at(1, i);
      sum_ += a;
      squares_ += a * a;
      both_ += a + b;
      both_squares_ += a * a + b * b;
      gaps_ += gap(i);
    }
  }
  double whole() const { return index(sum_, squares_, both_, both_squares_, gaps_, rows_); }
  double without(std::size_t i) const {
    const double a = at(0, i), b = at(1, i);
    return index(sum_ - a, squares_ - a * a, both_ - a - b, both_squares_ - a * a - b * b,
                 gaps_ - gap(i), rows_ - 1);
  }

 private:
  double at(std::size_t block, std::size_t i) const {
    return scores_.at(block * rows_ + i, target_);
  }
  double gap(std::size_t i) const {
    const double off = at(options_.order == SobolOrder::kFirst ? 1 : 0, i) - at(2 + unit_, i);
    return off * off;
  }
  double index(double sum, double squares, double both, double both_squares, double gaps,
               std::size_t rows) const {
    const auto n = static_cast<double>(rows);
    const bool peer = options_.recipe == SobolRecipe::kInterpreto;
    const double spread = peer ? variance(sum, squares, n) : variance(both, both_squares, 2 * n);
    const double half_gap = gaps / n / 2;
    if (peer) {
      return options_.order == SobolOrder::kFirst ? (spread - half_gap) / (spread + 1e-6)
                                                  : 2 * half_gap / (2 * spread + 1e-6);
    }
    if (spread <= 0) return 0;
    return options_.order == SobolOrder::kFirst ? 1 - half_gap / spread : half_gap / spread;
  }

  const MaskScores& scores_;
  std::size_t target_, unit_;
  const Options& options_;
  std::size_t rows_ = 0;
  double sum_ = 0, squares_ = 0, both_ = 0, both_squares_ = 0, gaps_ = 0;
};

// The jackknife: how the index moves when one row of all designs is left out.
double jackknife(const Index& index, std::size_t rows) {
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const double left = index.without(i);
    sum += left;
    squares += left * left;
  }
  const auto n = static_cast<double>(rows);
  return std::sqrt(std::max(0.0, (squares - sum * sum / n) * (n - 1) / n));
}

double estimate(Task& task, const Design& design, const MaskScores& scores,
                const Options& options) {
  const std::size_t units = design.units();
  if (design.rows() % (units + 2) != 0) {
    fail(
        Code::kInvalidArgument, "masks",
        std::to_string(design.rows()) + " masks were given for " + std::to_string(units) + " units",
        "expected designs A, B and one for each unit, all of the same size");
  }
  const std::size_t rows = design.rows() / (units + 2);
  double largest = 0;
  for (std::size_t k = 0; k < scores.targets; ++k) {
    std::vector<double> values, errors;
    for (std::size_t unit = 0; unit < units; ++unit) {
      Index index(scores, k, unit, options);
      index.read(rows);
      values.push_back(index.whole());
      errors.push_back(jackknife(index, rows));
    }
    set_unit_scores(task, k, values, errors);
    largest = std::max(largest, *std::max_element(errors.begin(), errors.end()));
  }
  task.note("scores are unsigned: shares of the score's variance, not directions");
  return largest;
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("sobol", given);
  sample({.error = options.error,
          .samples = [&](const Task&) { return options.samples; },
          .design = [&](const Task& task,
                        std::int64_t samples) { return draw(task, samples, options); },
          .estimate =
              [&](Task& task, std::int64_t, const Design& design, const MaskScores& scores) {
                return estimate(task, design, scores, options);
              }},
         options.replace, option_set().values(options), tasks, scorer);
}

std::vector<Recipe> recipes() {
  return {
      {"interpreto",
       {{"recipe", "interpreto"}, {"sampler", "sobol"}},
       "compat interpreto: the variance is that of one design only, and 1e-6 is added to it; with "
       "32 Sobol points most columns of the designs depend on each other"}};
}

}  // namespace

const Method& method_sobol() {
  static const Method method{
      .name = "sobol",
      .family = Family::kPerturbation,
      .summary = "The share of the score's variance that is owed to a unit, alone or with others.",
      .formula =
          "first: 1 - mean (F(B) - F(C_i))^2 / 2V, total: mean (F(A) - F(C_i))^2 / 2V, C_i: design "
          "A with unit i as in B, V: variance of F(A) and F(B)",
      .paper =
          "Sobol 1993: Sensitivity Estimates for Nonlinear Mathematical Models; Jansen 1999: "
          "Analysis of variance designs for model output; Fel et al. 2021: Look at the "
          "Variance!",
      .cost = "samples x (units + 2) forwards; equal masks, about half of them, once",
      .is_signed = false,
      .is_sampled = true,
      .takes_masks = true,
      .options = [] { return option_set().describe(); },
      .recipes = recipes,
      .run = run};
  return method;
}

}  // namespace ascribo
