// SPDX-License-Identifier: MIT
// Occlusion: what the score loses when one unit, or several neighbours, are hidden. (Zeiler and
// Fergus 2014; for text Li, Monroe, Jurafsky 2016.)
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/perturb/mask_scores.h"

namespace ascribo {

/// The ALTI authors' blank-out of a classifier takes the sigmoid of a masked text's logit where it
/// wants a probability.
enum class OcclusionRecipe { kPublished, kAlti };
template <>
struct EnumNames<OcclusionRecipe> {
  static constexpr std::array<std::string_view, 2> kNames = {"published", "alti"};
};

namespace {

struct Options {
  std::string replace = "mask";
  std::int64_t hide = 1;
  std::int64_t hide_stride = 1;
  OcclusionRecipe recipe = OcclusionRecipe::kPublished;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("replace", &Options::replace, kReplaceHelp)
          .add("hide", &Options::hide,
               "neighbouring units that are hidden together; a unit's score is the mean over the "
               "stretches that hold it")
          .check([](std::int64_t units) { return units >= 1; }, "expected at least 1")
          .add("hide_stride", &Options::hide_stride,
               "units from the beginning of a hidden stretch to that of the next, at most hide")
          .check([](std::int64_t units) { return units >= 1; }, "expected at least 1")
          .add("recipe", &Options::recipe, "")
          .internal();
  return set;
}

// The last stretch ends where the text ends.
Design stretches(std::size_t units, const Options& options) {
  const std::size_t length = std::min(static_cast<std::size_t>(options.hide), units);
  const auto stride = static_cast<std::size_t>(options.hide_stride);
  Design design(units);
  for (std::size_t begin = 0;; begin += stride) {
    begin = std::min(begin, units - length);
    const auto row = design.add();
    std::fill_n(row.begin() + static_cast<std::ptrdiff_t>(begin), length, std::uint8_t{1});
    if (begin + length == units) return design;
  }
}

void set_losses(Task& task, const Design& design, const MaskScores& scores) {
  for (std::size_t k = 0; k < scores.targets; ++k) {
    std::vector<double> losses(design.units(), 0.0), counts(design.units(), 0.0);
    for (std::size_t row = 0; row < design.rows(); ++row) {
      const double loss = task.result.attributions[k].value - scores.at(row, k);
      for (std::size_t unit = 0; unit < design.units(); ++unit) {
        if (!design.row(row)[unit]) continue;
        losses[unit] += loss;
        ++counts[unit];
      }
    }
    for (std::size_t unit = 0; unit < losses.size(); ++unit) losses[unit] /= counts[unit];
    set_unit_scores(task, k, losses);
  }
}

// |p - p'| of a single hidden unit, for recipe alti.
void set_magnitudes(Task& task, const MaskScores& scores, Link link) {
  const Score probability(ScoreKind::kProbability, link);
  const bool of_logits = task.result.score == "logit";
  for (std::size_t k = 0; k < scores.targets; ++k) {
    const double whole = probability.value(task.logits, task.targets[k].readout);
    std::vector<double> changes = scores.of_target(k);
    for (double& change : changes) {
      change = std::abs(whole - (of_logits ? 1 / (1 + std::exp(-change)) : change));
    }
    set_unit_scores(task, k, changes);
  }
  task.result.method.is_signed = false;
}

void check_recipe(const Options& options) {
  if (options.recipe == OcclusionRecipe::kPublished || options.hide == 1) return;
  fail(Code::kInvalidArgument, "occlusion",
       "hide is " + std::to_string(options.hide) + " and compat is alti",
       "expected 1, which is part of that recipe");
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("occlusion", given);
  if (options.hide_stride > options.hide) {
    fail(Code::kInvalidArgument, "hide_stride",
         std::to_string(options.hide_stride) + " was given, and hide is " +
             std::to_string(options.hide),
         "expected at most as many: a longer stride would leave units out");
  }
  check_recipe(options);
  MaskScorer masks(options.replace, tasks, scorer);
  std::vector<Design> designs;
  for (Task& task : tasks) {
    task.result.method.options = option_set().values(options);
    begin_unit_scores(task);
    designs.push_back(stretches(task.result.units.size(), options));
  }
  std::vector<MaskScores> scores;
  masks.score(designs, scores);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (options.recipe == OcclusionRecipe::kAlti) {
      set_magnitudes(tasks[i], scores[i], link_of(scorer.model().info()));
    } else {
      set_losses(tasks[i], designs[i], scores[i]);
    }
  }
}

std::vector<Recipe> recipes() {
  return {
      {"interpreto", {}, ""},
      {"captum", {{"unit", "all_tokens"}, {"replace", "pad"}}, ""},
      {"alti",
       {{"recipe", "alti"}, {"unit", "all_tokens"}, {"score", "logit"}, {"normalize", "l1"}},
       "compat alti: the probability of the text is compared with the sigmoid of a masked text's "
       "logit, and signs are lost"},
      {"inseq",
       {{"unit", "all_tokens"}, {"replace", "unk"}, {"score", "probability"}},
       "compat inseq: that library shows absolute values; signs are kept here"}};
}

}  // namespace

const Method& method_occlusion() {
  static const Method method{
      .name = "occlusion",
      .family = Family::kPerturbation,
      .summary = "What the score loses when one unit, or several neighbours, are hidden.",
      .formula = "a_i = F(x) - F(x without unit i)",
      .paper =
          "Zeiler, Fergus 2014: Visualizing and Understanding Convolutional Networks; Li, "
          "Monroe, Jurafsky 2016: Understanding Neural Networks through Representation Erasure",
      .cost = "1 forward per unit, and 1",
      .exact_on_linear = true,
      .options = [] { return option_set().describe(); },
      .recipes = recipes,
      .run = run};
  return method;
}

}  // namespace ascribo
