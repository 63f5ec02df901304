// SPDX-License-Identifier: MIT
// KernelSHAP: Shapley values by weighted regression over masks. (Lundberg, Lee 2017.) Small sets
// are all there, others come in antithetic pairs, and the scores add up exactly.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/draws.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/perturb/random_order.h"
#include "ascribo/explain/perturb/sampling.h"
#include "ascribo/explain/perturb/shapley_kernel.h"

namespace ascribo {

enum class KernelRecipe { kPublished, kCaptum, kInterpreto };
template <>
struct EnumNames<KernelRecipe> {
  static constexpr std::array<std::string_view, 3> kNames = {"published", "captum", "interpreto"};
};

namespace {

struct Options {
  std::optional<std::int64_t> samples;
  std::string replace = "mask";
  std::optional<double> error;
  KernelRecipe recipe = KernelRecipe::kPublished;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("samples", &Options::samples,
               "masks, besides the whole text and the one that hides everything; by default 256 "
               "and twice the number of units")
          .check([](std::int64_t samples) { return samples >= 2; }, "expected at least 2")
          .add("replace", &Options::replace, kReplaceHelp)
          .add("error", &Options::error, kErrorHelp)
          .check(is_error, kErrorExpected)
          .add("recipe", &Options::recipe, "")
          .internal();
  return set;
}

std::int64_t samples_of(const Task& task, const Options& options) {
  const auto units = static_cast<std::int64_t>(task.result.units.size());
  if (!options.samples) return 2 * units + 256;
  if (*options.samples < units && options.recipe == KernelRecipe::kPublished) {
    fail(Code::kInvalidArgument, "kernel_shap",
         std::to_string(*options.samples) + " samples were asked for, and the text has " +
             std::to_string(units) + " units",
         "expected at least as many samples as units", "raise --samples or use a larger --unit");
  }
  return *options.samples;
}

// A library's recipe: an ordinary regression with an intercept.
double estimate_plain(Task& task, const Design& design, const MaskScores& scores,
                      const Options& options) {
  const bool captum = options.recipe == KernelRecipe::kCaptum;
  constexpr double kPinned = 1e6;  // captum's weight for the whole text and for nothing
  Table x{design.units() + 1};
  std::vector<double> weights;
  for (std::size_t row = 0; row < design.rows(); ++row) {
    x.numbers.push_back(1);
    for (const std::uint8_t hidden : design.row(row)) x.numbers.push_back(hidden ? 0 : 1);
    weights.push_back(captum && row < 2 ? kPinned : 1);
  }
  const LeastSquares model(x, weights, std::vector<double>(design.units() + 1, captum ? 0 : 1e-6));
  for (std::size_t k = 0; k < scores.targets; ++k) {
    const std::vector<double> y = scores.of_target(k);
    const std::vector<double> found = model.coefficients(y);
    set_unit_scores(task, k, std::span(found).subspan(1));
  }
  return 0;
}

// Sizes drawn by captum's law (m - 1) / (k (m - k)) or interpreto's, which is its inverse.
Design recipe_design(const Task& task, std::int64_t samples, const Options& options) {
  const std::size_t units = task.result.units.size();
  const bool captum = options.recipe == KernelRecipe::kCaptum;
  std::vector<double> upto;
  for (std::size_t size = 1; size < units; ++size) {
    const double product = static_cast<double>(size * (units - size));
    upto.push_back((upto.empty() ? 0 : upto.back()) + (captum ? 1 / product : product));
  }
  Design design(units);
  for (std::int64_t i = 0; i < samples; ++i) {
    if ((captum && i == 1) || (units == 1 && !(captum && i == 0))) {
      design.add_everything();
      continue;
    }
    const auto row = design.add();
    if (captum && i == 0) continue;
    Rng rng = ascribo::draw(task, Draw::kMask, static_cast<std::uint64_t>(i));
    const auto size = 1 + static_cast<std::size_t>(std::upper_bound(upto.begin(), upto.end() - 1,
                                                                    rng.uniform() * upto.back()) -
                                                   upto.begin());
    // captum counts what is kept, interpreto what is hidden; both laws are symmetric.
    const std::vector<std::size_t> order = random_order(units, size, rng);
    for (std::size_t j = 0; j < size; ++j) row[order[j]] = 1;
  }
  return design;
}

// Row 0 hides everything.
double estimate(Task& task, const Design& design, const MaskScores& scores) {
  const KernelRegression regression(design);
  if (regression.rows() + 1 < design.units()) {
    fail(Code::kInvalidArgument, "kernel_shap",
         std::to_string(regression.rows()) + " masks for " + std::to_string(design.units()) +
             " units",
         "expected at least as many masks as units");
  }
  double largest = 0;
  for (std::size_t k = 0; k < scores.targets; ++k) {
    const double nothing = scores.at(0, k);
    const KernelFit fit =
        regression.fit(scores.of_target(k), task.result.attributions[k].value, nothing);
    set_unit_scores(task, k, fit.scores, fit.errors);
    set_completeness(task, k, nothing);
    largest = std::max(largest, *std::max_element(fit.errors.begin(), fit.errors.end()));
  }
  return largest;
}

Design draw(const Task& task, std::int64_t samples, const Options& options) {
  const std::size_t units = task.result.units.size();
  if (options.recipe != KernelRecipe::kPublished) return recipe_design(task, samples, options);
  return kernel_design(units, samples, task.result.seed, draw_key(task.sequence));
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("kernel_shap", given);
  const bool plain = options.recipe != KernelRecipe::kPublished;
  sample({.error = options.error,
          .samples = [&](const Task& task) { return samples_of(task, options); },
          .design = [&](const Task& task,
                        std::int64_t samples) { return draw(task, samples, options); },
          .estimate =
              [&](Task& task, std::int64_t, const Design& design, const MaskScores& scores) {
                return plain ? estimate_plain(task, design, scores, options)
                             : estimate(task, design, scores);
              },
          .given =
              [&](const Design& masks) {
                if (plain) return masks;
                Design design(masks.units());
                design.add_everything();
                for (std::size_t row = 0; row < masks.rows(); ++row) design.add(masks.row(row));
                return design;
              }},
         options.replace, option_set().values(options), tasks, scorer);
}

std::vector<Recipe> recipes() {
  return {{"captum",
           {{"recipe", "captum"}, {"samples", "25"}, {"unit", "token"}, {"replace", "pad"}},
           "compat captum: sizes follow the kernel, but every mask weighs the same and the two end "
           "points are only pinned by a large weight"},
          {"interpreto",
           {{"recipe", "interpreto"}, {"samples", "100"}},
           "compat interpreto: sizes follow the inverse of the Shapley kernel, so these are no "
           "Shapley values, and they do not add up"}};
}

}  // namespace

const Method& method_kernel_shap() {
  static const Method method{
      .name = "kernel_shap",
      .family = Family::kPerturbation,
      .summary = "Shapley values of the units by weighted regression over masks, with errors.",
      .formula =
          "a = argmin sum_S mu(S) (F(S) - F(nothing) - sum_{i in S} a_i)^2 with sum_i a_i = F(all) "
          "- F(nothing), mu(S) = (m - 1) / (C(m, |S|) |S| (m - |S|))",
      .paper =
          "Lundberg, Lee 2017: A Unified Approach to Interpreting Model Predictions; Covert, "
          "Lee 2021: Improving KernelSHAP",
      .cost = "samples + 1 forwards; equal masks once",
      .completeness = true,
      .exact_on_linear = true,
      .is_sampled = true,
      .takes_masks = true,
      .options = [] { return option_set().describe(); },
      .recipes = recipes,
      .run = run};
  return method;
}

}  // namespace ascribo
