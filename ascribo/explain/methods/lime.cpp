// SPDX-License-Identifier: MIT
// LIME: a linear model of the score near the text, fitted to texts with units hidden at random,
//   minimise sum_r w_r (F(x_r) - b - sum_i a_i z_ri)^2 + penalty,   z_ri = 1 where unit i is kept,
// the more weight the closer x_r is to the text. (Ribeiro, Singh, Guestrin 2016.)
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
#include "ascribo/explain/perturb/least_squares.h"
#include "ascribo/explain/perturb/sampling.h"

namespace ascribo {

/// How far a text with hidden units is from the whole text.
enum class Distance {
  kCosine,     ///< 1 - cosine of the flags of what is kept and of all
  kHamming,    ///< how many units are hidden
  kEuclidean,  ///< the root of that
};
template <>
struct EnumNames<Distance> {
  static constexpr std::array<std::string_view, 3> kNames = {"cosine", "hamming", "euclidean"};
};

enum class Regularizer { kRidge, kLasso, kNone };
template <>
struct EnumNames<Regularizer> {
  static constexpr std::array<std::string_view, 3> kNames = {"ridge", "lasso", "none"};
};

/// Which library's formula is computed; see Method::recipes.
enum class LimeRecipe { kPublished, kCaptum, kInterpreto };
template <>
struct EnumNames<LimeRecipe> {
  static constexpr std::array<std::string_view, 3> kNames = {"published", "captum", "interpreto"};
};

namespace {

struct Options {
  std::int64_t samples = 100;
  Distance distance = Distance::kCosine;
  std::optional<double> kernel_width;
  double keep_probability = 0.5;
  Regularizer regularizer = Regularizer::kRidge;
  std::optional<double> alpha;
  std::string replace = "mask";
  std::optional<double> error;
  LimeRecipe recipe = LimeRecipe::kPublished;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("samples", &Options::samples, "masks that are drawn, the whole text among them")
          .check([](std::int64_t samples) { return samples >= 2; }, "expected at least 2")
          .add("distance", &Options::distance,
               "how far a text with hidden units is from the whole text: 1 - cosine of what is "
               "kept, the number of hidden units, or its root")
          .add("kernel_width", &Options::kernel_width,
               "w of the weight exp(-distance^2 / w^2); by default 0.35 for cosine, else 0.75 "
               "times the root of the number of units")
          .check([](double width) { return width > 0; }, "expected more than 0")
          .add("keep_probability", &Options::keep_probability,
               "how likely a unit is kept in a mask")
          .check([](double probability) { return probability > 0 && probability < 1; },
                 "expected a number between 0 and 1")
          .add("regularizer", &Options::regularizer, "what keeps coefficients small")
          .add("alpha", &Options::alpha,
               "strength of the regularizer; by default 1e-6 for ridge and 0.01 for lasso")
          .check([](double alpha) { return alpha >= 0; }, "expected at least 0")
          .add("replace", &Options::replace, kReplaceHelp)
          .add("error", &Options::error, kErrorHelp)
          .check(is_error, kErrorExpected)
          .add("recipe", &Options::recipe, "")
          .internal();
  return set;
}

// Bernoulli masks. Row 0 of the published method is the whole text.
Design draw(const Task& task, std::int64_t samples, const Options& options) {
  Design design(task.result.units.size());
  for (std::int64_t i = 0; i < samples; ++i) {
    const auto row = design.add();
    if (i == 0 && options.recipe == LimeRecipe::kPublished) continue;
    Rng rng = ascribo::draw(task, Draw::kMask, static_cast<std::uint64_t>(i));
    for (std::uint8_t& flag : row) flag = rng.uniform() >= options.keep_probability;
  }
  return design;
}

double distance(Distance kind, std::span<const std::uint8_t> hidden, LimeRecipe recipe) {
  const auto count = static_cast<double>(std::count(hidden.begin(), hidden.end(), std::uint8_t{1}));
  const auto units = static_cast<double>(hidden.size());
  if (kind == Distance::kHamming) return count;
  if (kind == Distance::kEuclidean) return std::sqrt(count);
  // interpreto measures how far the mask is from hiding everything, not from hiding nothing.
  const double along = recipe == LimeRecipe::kInterpreto ? count : units - count;
  return 1 - std::sqrt(along / units);  // the cosine of k ones among n and of n ones
}

double default_width(const Options& options, std::size_t units) {
  if (options.recipe == LimeRecipe::kCaptum) return std::sqrt(2.0);  // exp(-d^2 / (2 * 1^2))
  const bool cosine = options.distance == Distance::kCosine;
  // The published text explainer takes exp(-(100 d)^2 / 25^2)^(1/2).
  if (cosine && options.recipe == LimeRecipe::kPublished) return 0.25 * std::sqrt(2.0);
  return 0.75 * std::sqrt(static_cast<double>(units));
}

std::vector<double> weights_of(const Design& design, const Options& options) {
  const double width = options.kernel_width.value_or(default_width(options, design.units()));
  std::vector<double> weights;
  for (std::size_t row = 0; row < design.rows(); ++row) {
    const double far = distance(options.distance, design.row(row), options.recipe);
    weights.push_back(std::exp(-far * far / (width * width)));
  }
  return weights;
}

// What is kept, with or without a first column of ones.
Table kept(const Design& design, bool intercept) {
  Table table{design.units() + (intercept ? 1 : 0)};
  for (std::size_t row = 0; row < design.rows(); ++row) {
    if (intercept) table.numbers.push_back(1);
    for (const std::uint8_t hidden : design.row(row)) table.numbers.push_back(hidden ? 0 : 1);
  }
  return table;
}

double estimate_by_lasso(Task& task, const Design& design, const MaskScores& scores,
                         const Options& options) {
  const Table x = kept(design, false);
  const std::vector<double> weights = weights_of(design, options);
  for (std::size_t k = 0; k < scores.targets; ++k) {
    const std::vector<double> y = scores.of_target(k);
    set_unit_scores(task, k, lasso(x, weights, y, options.alpha.value_or(0.01)));
  }
  return 0;
}

double estimate(Task& task, const Design& design, const MaskScores& scores,
                const Options& options) {
  if (options.regularizer == Regularizer::kLasso) {
    return estimate_by_lasso(task, design, scores, options);
  }
  const double alpha = options.regularizer == Regularizer::kNone ? 0 : options.alpha.value_or(1e-6);
  std::vector<double> penalties(design.units() + 1, alpha);
  if (options.recipe == LimeRecipe::kPublished) penalties[0] = 0;
  const LeastSquares model(kept(design, true), weights_of(design, options), penalties);
  double largest = 0;
  for (std::size_t k = 0; k < scores.targets; ++k) {
    const std::vector<double> y = scores.of_target(k);
    const std::vector<double> coefficients = model.coefficients(y);
    const std::vector<double> errors = standard_errors(model.influences(y, coefficients));
    set_unit_scores(task, k, std::span(coefficients).subspan(1), std::span(errors).subspan(1));
    largest = std::max(largest, *std::max_element(errors.begin() + 1, errors.end()));
  }
  return largest;
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("lime", given);
  if (options.error && options.regularizer == Regularizer::kLasso) {
    fail(Code::kInvalidArgument, "error", "a bound was given, and regularizer is lasso",
         "expected ridge or none: the lasso's coefficients have no standard errors");
  }
  const bool compares = std::any_of(tasks.begin(), tasks.end(), [](const Task& task) {
    return std::any_of(task.part_targets.begin(), task.part_targets.end(),
                       [](const PartTarget& target) { return target.share < 0; });
  });
  if (compares && options.regularizer == Regularizer::kLasso) {
    fail(Code::kUnsupported, "lime", "regularizer is lasso, and two continuations are compared",
         "expected ridge or none: the lasso of a difference is not the difference of two");
  }
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
      {"captum",
       {{"recipe", "captum"},
        {"samples", "25"},
        {"regularizer", "lasso"},
        {"unit", "token"},
        {"replace", "pad"}},
       "compat captum: the whole text is not among the masks, and the lasso sets small scores to "
       "0"},
      {"interpreto",
       {{"recipe", "interpreto"}, {"distance", "cosine"}},
       "compat interpreto: the cosine distance is that from hiding everything, so masks far from "
       "the text weigh most; weights hardly differ"},
  };
}

}  // namespace

const Method& method_lime() {
  static const Method method{
      .name = "lime",
      .family = Family::kPerturbation,
      .summary =
          "A weighted linear model of the score, fitted to texts with units hidden at random.",
      .formula =
          "a = argmin sum_r w_r (F(x_r) - b - sum_i a_i z_ri)^2 + alpha |a|^2, w_r = exp(-d_r^2 / "
          "width^2), z_ri = 1 where unit i is kept",
      .paper =
          "Ribeiro, Singh, Guestrin 2016: \"Why Should I Trust You?\" Explaining the "
          "Predictions of Any Classifier",
      .cost = "samples forwards; equal masks once",
      .is_sampled = true,
      .takes_masks = true,
      .options = [] { return option_set().describe(); },
      .recipes = recipes,
      .run = run};
  return method;
}

}  // namespace ascribo
