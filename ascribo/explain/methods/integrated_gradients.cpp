// SPDX-License-Identifier: MIT
// Integrated gradients: gradients along the straight path from a baseline to the text,
//   a_id = (x_id - b_id) integral_0^1 dF(b + t (x - b)) / dx_id dt,
// summed at as many points as the text needs (explain/panels.h) or by a fixed quadrature rule.
// (Sundararajan, Taly, Yan 2017.) Away from the word embeddings the
// path runs between the activations that text and baseline have there, while everything else in
// the model (positions, attention) stays that of the text.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <iomanip>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/at.h"
#include "ascribo/explain/baselines.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/methods/gradient_at_input.h"
#include "ascribo/explain/methods/gradient_options.h"
#include "ascribo/explain/methods/mean_magnitude.h"
#include "ascribo/explain/methods/path.h"
#include "ascribo/explain/methods/twice_embedded.h"
#include "ascribo/explain/panels.h"
#include "ascribo/explain/quadrature.h"

namespace ascribo {

/// Which library's formula is computed; see Method::recipes. captum numbers the positions of a
/// baseline of tokens anew, and its trapezoid's weights add up to (N - 1) / N.
enum class PathRecipe { kPublished, kCaptum, kInterpreto, kAlti };

template <>
struct EnumNames<PathRecipe> {
  static constexpr std::array<std::string_view, 4> kNames = {"published", "captum", "interpreto",
                                                             "alti"};
};

namespace {

constexpr std::int64_t kSteps = 50, kMostSteps = 10'000;
constexpr double kTolerance = 0.01;
constexpr std::int64_t kMostBaselines = 1000;
// interpreto takes this where the baseline is 0, for fear of gradients there.
constexpr double kNearlyZero = 1e-6;

struct Options {
  std::optional<double> tolerance;
  std::optional<std::int64_t> steps;
  std::optional<Rule> rule;
  std::string at = "word_embeddings";
  std::string baseline = "pad";
  std::optional<KeepSpecial> keep_special;
  std::int64_t baseline_samples = 10;
  Reduce reduce = Reduce::kSum;
  Aggregate aggregate = Aggregate::kSum;
  PathRecipe recipe = PathRecipe::kPublished;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("tolerance", &Options::tolerance,
               "take as many points as each text needs, so that the errors along its path add up "
               "to no more than this share of the change of score; by default 0.01")
          .check([](double tolerance) { return tolerance > 0 && tolerance < INFINITY; },
                 "expected more than 0")
          .add("steps", &Options::steps,
               "take this many points instead; a result tells how many were taken")
          .check([](std::int64_t steps) { return steps >= 1 && steps <= kMostSteps; },
                 "expected 1 to " + std::to_string(kMostSteps))
          .add("rule", &Options::rule,
               "quadrature rule that places and weighs the steps, 50 unless told; by default "
               "gauss_legendre")
          .add("at", &Options::at, kAtHelp)
          .add("baseline", &Options::baseline, kBaselineHelp)
          .add("keep_special", &Options::keep_special, kKeepSpecialHelp)
          .add("baseline_samples", &Options::baseline_samples, kBaselineSamplesHelp)
          .check([](std::int64_t count) { return count >= 1 && count <= kMostBaselines; },
                 "expected 1 to " + std::to_string(kMostBaselines))
          .add("reduce", &Options::reduce, kReduceHelp)
          .add("aggregate", &Options::aggregate, kAggregateHelp)
          .add("recipe", &Options::recipe, "")
          .internal();
  return set;
}

void note_limit(Task& task, const PathIntegral& integral, double tolerance) {
  const auto percent = [](double share) {
    std::ostringstream text;
    text << std::setprecision(2) << 100 * share << " %";
    return text.str();
  };
  task.note("tolerance: after " + std::to_string(integral.points) +
            " points the errors along the path still add up to " + percent(*integral.error_left) +
            " of the change of score, more than the " + percent(tolerance) + " asked for");
}

PathRule read_rule(const Options& options) {
  if (options.tolerance && (options.steps || options.rule)) {
    fail(Code::kInvalidArgument, "integrated_gradients",
         "both tolerance and " + std::string(options.steps ? "steps" : "rule") + " were given",
         "expected one of them",
         "tolerance lets each text have as many points as it needs; steps and rule fix them");
  }
  if (!options.steps && !options.rule) {
    return {.fixed = {}, .tolerance = options.tolerance.value_or(kTolerance)};
  }
  PathRule rule{.fixed = quadrature(options.rule.value_or(Rule::kGaussLegendre),
                                    options.steps.value_or(kSteps))};
  if (options.recipe == PathRecipe::kCaptum && options.rule == Rule::kTrapezoid) {
    const auto count = static_cast<double>(rule.fixed->weights.size());
    for (double& weight : rule.fixed->weights) weight *= (count - 1) / count;
  }
  return rule;
}

// The mean over the task's baselines.
PathIntegral mean_of(std::span<const PathIntegral> integrals) {
  PathIntegral mean = integrals[0];
  const auto add = [](const std::vector<double>& from, std::vector<double>& to) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
  };
  for (const PathIntegral& integral : integrals.subspan(1)) {
    add(integral.sums, mean.sums);
    add(integral.baseline_values, mean.baseline_values);
    mean.points += integral.points;
    if (!integral.error_left) continue;
    mean.error_left = std::max(mean.error_left.value_or(0), *integral.error_left);
  }
  const auto count = static_cast<double>(integrals.size());
  for (double& sum : mean.sums) sum /= count;
  for (double& value : mean.baseline_values) value /= count;
  return mean;
}

void finish(Task& task, const PathIntegral& integral, const Options& options) {
  const std::size_t tokens = task.sequence.ids.size();
  const std::size_t per_target = integral.sums.size() / task.targets.size();
  for (std::size_t k = 0; k < task.targets.size(); ++k) {
    const std::span<const double> sums =
        std::span(integral.sums).subspan(k * per_target, per_target);
    Attribution& attribution = task.result.attributions[k];
    attribution.baseline_value = integral.baseline_values[k];
    double total = 0;
    for (double sum : sums) total += sum;
    attribution.delta = total - (attribution.value - *attribution.baseline_value);
    if (per_target == tokens) {
      set_scores(task, k, sums, options.aggregate);
    } else {
      set_values(task, k, sums, options.reduce, options.aggregate);
    }
  }
  mark_unsigned(task, options.reduce);
  if (integral.error_left) note_limit(task, integral, *options.tolerance);
}

void move_off_zero(std::span<Path> paths) {
  for (Path& path : paths) {
    const auto fill = [&]<class T>(T value) {
      std::fill_n(path.from.mutable_data<T>(), path.from.numel(), value);
    };
    path.from.dtype() == Dtype::kF64 ? fill(kNearlyZero) : fill(static_cast<float>(kNearlyZero));
  }
}

bool goes_nowhere(const Path& path) {
  return std::memcmp(path.from.raw(), path.to.raw(), path.to.bytes()) == 0;
}

// As interpreto has it: no scores at the baseline, no delta.
void run_magnitudes(std::span<const Path> paths, std::span<Task> tasks, Scorer& scorer, TapPoint at,
                    const Quadrature& rule, const Options& options) {
  const auto sums = integrate_magnitudes(paths, tasks, scorer, at, rule);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    Task& task = tasks[i];
    const std::size_t tokens = task.sequence.ids.size(), count = sums.size() / tasks.size();
    if (task.keep_values) task.note("values: this recipe has no values per dimension");
    for (std::size_t k = 0; k < task.targets.size(); ++k) {
      std::vector<double> scores(tokens, 0.0);
      for (std::size_t path = i * count; path < (i + 1) * count; ++path) {
        for (std::size_t j = 0; j < tokens; ++j) {
          scores[j] += sums[path][k * tokens + j] / static_cast<double>(count);
        }
      }
      set_scores(task, k, scores, options.aggregate);
    }
    mark_unsigned(task, Reduce::kMeanAbs);
  }
}

void check_recipe(const Options& options) {
  if (options.recipe == PathRecipe::kAlti) {
    check_twice_embedded("integrated_gradients", options.at);
  }
  if (options.recipe != PathRecipe::kInterpreto || options.reduce == Reduce::kMeanAbs) return;
  fail(Code::kInvalidArgument, "integrated_gradients",
       "reduce is \"" + std::string(enum_name(options.reduce)) + "\" and compat is interpreto",
       "expected mean_abs, which is part of that recipe");
}

void run_twice_embedded(std::span<Task> tasks, Scorer& scorer, const Baseline& baseline,
                        const PathRule& rule, const Options& options) {
  path_twice_embedded(tasks, scorer, baseline, rule, options.aggregate);
  for (Task& task : tasks) {
    task.result.method.options = option_set().values(options);
    baseline.describe(task, scorer.tokenizer());
  }
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  Options options = option_set().parse("integrated_gradients", given);
  const TapPoint at = parse_at(options.at, scorer.model().info());
  const bool twice_embedded = options.recipe == PathRecipe::kAlti;
  Baseline baseline(options.baseline, options.keep_special, options.baseline_samples, scorer,
                    twice_embedded ? kEmbeddingsOutput : at);
  if (options.recipe == PathRecipe::kCaptum) baseline.number_positions(scorer.model().info());
  check_recipe(options);
  options.keep_special = baseline.keeps_special() ? KeepSpecial::kYes : KeepSpecial::kNo;
  const PathRule rule = read_rule(options);
  if (rule.fixed) {
    options.rule = options.rule.value_or(Rule::kGaussLegendre);
  } else {
    options.tolerance = rule.tolerance;
  }

  if (twice_embedded) return run_twice_embedded(tasks, scorer, baseline, rule, options);
  const bool keep_values =
      std::any_of(tasks.begin(), tasks.end(), [](const Task& task) { return task.keep_values; });
  const std::vector<Tensor> texts = text_values(tasks, scorer, at);
  std::vector<Path> paths = paths_from(baseline, tasks, texts, scorer, at);
  if (options.recipe == PathRecipe::kInterpreto) {
    if (options.baseline == "zero") move_off_zero(paths);
    options.steps = static_cast<std::int64_t>(rule.fixed->points.size());
    for (Task& task : tasks) {
      task.result.method.options = option_set().values(options);
      baseline.describe(task, scorer.tokenizer());
    }
    return run_magnitudes(paths, tasks, scorer, at, *rule.fixed, options);
  }
  const std::vector<PathIntegral> integrals =
      integrate(paths, tasks, scorer, at, rule, options.reduce != Reduce::kSum || keep_values);
  const std::size_t count = baseline.count();
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    Task& task = tasks[i];
    const PathIntegral integral = mean_of(std::span(integrals).subspan(i * count, count));
    options.steps = static_cast<std::int64_t>(integral.points);
    task.result.method.options = option_set().values(options);
    baseline.describe(task, scorer.tokenizer());
    finish(task, integral, options);
    if (options.recipe == PathRecipe::kCaptum && options.rule == Rule::kTrapezoid) {
      task.note("compat captum: the weights of the trapezoid add up to (N - 1) / N, not to 1");
    }
    if (count == 1 && goes_nowhere(paths[i])) {
      task.note("the baseline equals the text; every score is 0");
    }
  }
}

std::vector<Recipe> recipes() {
  return {
      {"captum",
       {{"recipe", "captum"}, {"steps", "50"}, {"baseline", "zero"}, {"unit", "all_tokens"}},
       ""},
      {"interpreto",
       {{"recipe", "interpreto"},
        {"steps", "10"},
        {"rule", "trapezoid"},
        {"baseline", "zero"},
        {"reduce", "mean_abs"},
        {"aggregate", "mean"}},
       "compat interpreto: gradients are multiplied by the point of the path where they are taken, "
       "not by the way from the baseline, and lose their signs: scores do not add up to the change "
       "of the model's score"},
      {"alti", twice_embedded_recipe({{"steps", "100"}, {"baseline", "mask"}}), kTwiceEmbeddedNote},
      {"inseq",
       {{"steps", "50"},
        {"baseline", "unk"},
        {"unit", "all_tokens"},
        {"score", "probability"},
        {"reduce", "l2"}},
       "compat inseq: the norms of the tokens' vectors are shown, which have no signs and do not "
       "add "
       "up to the change of the model's score"}};
}

}  // namespace

const Method& method_integrated_gradients() {
  static const Method method{
      .name = "integrated_gradients",
      .family = Family::kGradient,
      .summary =
          "Gradients summed along the straight path from a baseline to the text; the scores "
          "add up to the change of the model's score.",
      .formula = "a_i = sum_d (x_id - b_id) integral_0^1 dF(b + t (x - b)) / dx_id dt",
      .paper = "Sundararajan, Taly, Yan 2017: Axiomatic Attribution for Deep Networks",
      .cost =
          "about 20 forwards and, per target, as many backwards, by the text; with --steps "
          "that many",
      .completeness = true,
      .exact_on_linear = true,
      .has_baseline = true,
      .options = [] { return option_set().describe(); },
      .recipes = recipes,
      .run = run};
  return method;
}

}  // namespace ascribo
