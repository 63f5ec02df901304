// SPDX-License-Identifier: MIT
// Integrated gradients: gradients along the straight path from a baseline to the text,
//   a_id = (x_id - b_id) integral_0^1 dF(b + t (x - b)) / dx_id dt,
// summed by a quadrature rule. (Sundararajan, Taly, Yan 2017.) Away from the word embeddings the
// path runs between the activations that text and baseline have there, while everything else in
// the model (positions, attention) stays that of the text.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/at.h"
#include "ascribo/explain/baselines.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/methods/gradient_at_input.h"
#include "ascribo/explain/methods/gradient_options.h"
#include "ascribo/explain/quadrature.h"
#include "ascribo/explain/rows.h"

namespace ascribo {
namespace {

constexpr std::int64_t kMostSteps = 10'000;

struct Options {
  std::int64_t steps = 50;
  Rule rule = Rule::kGaussLegendre;
  std::string at = "word_embeddings";
  std::string baseline = "pad";
  std::optional<KeepSpecial> keep_special;
  Reduce reduce = Reduce::kSum;
  Aggregate aggregate = Aggregate::kSum;
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set =
      OptionSet<Options>()
          .add("steps", &Options::steps, "points on the path")
          .check([](std::int64_t steps) { return steps >= 1 && steps <= kMostSteps; },
                 "expected 1 to " + std::to_string(kMostSteps))
          .add("rule", &Options::rule, "quadrature rule that places and weighs the points")
          .add("at", &Options::at, kAtHelp)
          .add("baseline", &Options::baseline,
               "where the path starts: pad, mask, unk, token:ID or zero (vectors)")
          .add("keep_special", &Options::keep_special,
               "whether special tokens stay in the baseline; by default yes, but no for zero")
          .add("reduce", &Options::reduce, kReduceHelp)
          .add("aggregate", &Options::aggregate, kAggregateHelp);
  return set;
}

// The two ends of a text's path, `[tokens, n]` each, and the sums along it.
struct Path {
  Tensor from, to;
  std::vector<double> baseline_logits;
  // `[targets, tokens, n]` of sum_k w_k (x - b) gradient_k, or `[targets, tokens]` summed over n
  // where nothing else is wanted: with many labels the former may be large.
  std::vector<double> sums;
};

Sweep over_texts(std::span<Task> tasks) {
  return {.count = static_cast<std::int64_t>(tasks.size()), .variant = [tasks](std::int64_t item) {
            Task& task = tasks[static_cast<std::size_t>(item)];
            return Variant{&task, task.sequence};
          }};
}

std::vector<Path> find_ends(std::span<Task> tasks, Scorer& scorer, TapPoint at,
                            const Baseline& baseline) {
  std::vector<Path> paths(tasks.size());
  if (at.tap == Tap::kWordEmbeddings) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      paths[i].to = scorer.model().word_embeddings(tasks[i].sequence.ids);
    }
  } else {
    Sweep texts = over_texts(tasks);
    texts.at = at;
    texts.take = [&](std::int64_t item, const Outcome& outcome) {
      paths[static_cast<std::size_t>(item)].to = outcome.values.clone();
    };
    scorer.run(texts);
  }
  Sweep baselines = over_texts(tasks);
  baselines.at = at;
  if (baseline.is_zero()) {
    baselines.fill = [&](std::int64_t item, Tensor& values) {
      const auto i = static_cast<std::size_t>(item);
      copy_rows(paths[i].to, values);
      baseline.zero_rows(tasks[i], values);
    };
  } else {
    baselines.variant = [&](std::int64_t item) {
      Task& task = tasks[static_cast<std::size_t>(item)];
      return Variant{&task, baseline.sequence(task)};
    };
  }
  baselines.take = [&](std::int64_t item, const Outcome& outcome) {
    Path& path = paths[static_cast<std::size_t>(item)];
    path.from = outcome.values.clone();
    path.baseline_logits.assign(outcome.logits.begin(), outcome.logits.end());
  };
  scorer.run(baselines);
  return paths;
}

// values = from + t (to - from)
template <class T>
void place_point(const Path& path, double t, Tensor& values) {
  const T* from = path.from.data<T>();
  const T* to = path.to.data<T>();
  T* out = values.mutable_data<T>();
  const auto fraction = static_cast<T>(t);
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    out[i] = from[i] + fraction * (to[i] - from[i]);
  }
}

// Adds weight (to - from) gradient to the sums of one target. Points arrive in the order of the
// path whatever the batches are, so the sums are the same to the bit.
template <class T>
void add_point(Path& path, std::size_t target, double weight, const Tensor& gradient,
               bool per_dimension) {
  const T* from = path.from.data<T>();
  const T* to = path.to.data<T>();
  const T* slope = gradient.data<T>();
  const auto tokens = static_cast<std::size_t>(path.to.rows());
  const auto width = static_cast<std::size_t>(path.to.cols());
  const auto term = [&](std::size_t i) {
    return (static_cast<double>(to[i]) - static_cast<double>(from[i])) *
           static_cast<double>(slope[i]);
  };
  if (per_dimension) {
    double* sums = path.sums.data() + target * tokens * width;
    for (std::size_t i = 0; i < tokens * width; ++i) sums[i] += weight * term(i);
    return;
  }
  double* sums = path.sums.data() + target * tokens;
  for (std::size_t token = 0; token < tokens; ++token) {
    double sum = 0;
    for (std::size_t d = 0; d < width; ++d) sum += term(token * width + d);
    sums[token] += weight * sum;
  }
}

void integrate(std::span<Task> tasks, std::span<Path> paths, Scorer& scorer, TapPoint at,
               const Quadrature& rule) {
  const auto steps = static_cast<std::int64_t>(rule.points.size());
  const bool wide = scorer.model().compute() == Dtype::kF64;
  scorer.run(
      {.count = static_cast<std::int64_t>(tasks.size()) * steps,
       .variant =
           [&](std::int64_t item) {
             Task& task = tasks[static_cast<std::size_t>(item / steps)];
             return Variant{&task, task.sequence};
           },
       .at = at,
       .fill =
           [&](std::int64_t item, Tensor& values) {
             const Path& path = paths[static_cast<std::size_t>(item / steps)];
             const double t = rule.points[static_cast<std::size_t>(item % steps)];
             wide ? place_point<double>(path, t, values) : place_point<float>(path, t, values);
           },
       .gradients = true,
       .take =
           [&](std::int64_t item, const Outcome& outcome) {
             const auto text = static_cast<std::size_t>(item / steps);
             Path& path = paths[text];
             const double weight = rule.weights[static_cast<std::size_t>(item % steps)];
             const bool per_dimension =
                 path.sums.size() > tasks[text].targets.size() * tasks[text].sequence.ids.size();
             for (std::size_t k = 0; k < outcome.gradients.size(); ++k) {
               const std::size_t target = outcome.first_target + k;
               const Tensor& gradient = outcome.gradients[k];
               wide ? add_point<double>(path, target, weight, gradient, per_dimension)
                    : add_point<float>(path, target, weight, gradient, per_dimension);
             }
           }});
}

void finish(Task& task, const Path& path, const Options& options) {
  const std::size_t tokens = task.sequence.ids.size();
  const std::size_t per_target = path.sums.size() / task.targets.size();
  for (std::size_t k = 0; k < task.targets.size(); ++k) {
    const std::span<const double> sums = std::span(path.sums).subspan(k * per_target, per_target);
    Attribution& attribution = task.result.attributions[k];
    attribution.baseline_value = task.value(path.baseline_logits, k);
    double total = 0;
    for (double sum : sums) total += sum;
    attribution.delta = total - (attribution.value - *attribution.baseline_value);
    if (per_target == tokens) {
      set_scores(task, k, sums, options.aggregate);
    } else {
      set_values(task, k, sums, options.reduce, options.aggregate);
    }
  }
  note_unsigned(task, options.reduce);
  const auto* from = static_cast<const std::byte*>(path.from.raw());
  const auto* to = static_cast<const std::byte*>(path.to.raw());
  if (std::equal(to, to + path.to.bytes(), from)) {
    task.note("the baseline equals the text; every score is 0");
  }
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  Options options = option_set().parse("integrated_gradients", given);
  const TapPoint at = parse_at(options.at, scorer.model().info());
  const Baseline baseline(find_stand_in("baseline", options.baseline, scorer),
                          options.keep_special);
  options.keep_special = baseline.keeps_special() ? KeepSpecial::kYes : KeepSpecial::kNo;
  const Quadrature rule = quadrature(options.rule, options.steps);

  std::vector<Path> paths = find_ends(tasks, scorer, at, baseline);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    Task& task = tasks[i];
    task.result.method.options = option_set().values(options);
    task.result.baseline = baseline.summary(task, scorer.tokenizer());
    if (!baseline.stand_in().note.empty()) task.note(baseline.stand_in().note);
    const bool per_dimension = options.reduce != Reduce::kSum || task.keep_values;
    const auto entries =
        static_cast<std::size_t>(per_dimension ? paths[i].to.numel() : paths[i].to.rows());
    paths[i].sums.assign(task.targets.size() * entries, 0.0);
  }
  integrate(tasks, paths, scorer, at, rule);
  for (std::size_t i = 0; i < tasks.size(); ++i) finish(tasks[i], paths[i], options);
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
      .cost = "steps + 2 forwards and, per target, steps backwards",
      .completeness = true,
      .exact_on_linear = true,
      .has_baseline = true,
      .options = [] { return option_set().describe(); },
      .run = run};
  return method;
}

}  // namespace ascribo
