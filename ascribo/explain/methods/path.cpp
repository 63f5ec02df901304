// SPDX-License-Identifier: MIT
// Places points on paths and adds up gradients, in an order that does not depend on batches.
#include "ascribo/explain/methods/path.h"

#include <algorithm>
#include <utility>

#include "ascribo/explain/panels.h"
#include "ascribo/explain/rows.h"
#include "ascribo/ops/linear.h"

namespace ascribo {
namespace {

// Paths begin while fewer rows than this many batches hold are to run: what refines the earlier
// ones, a few points each, then fills batches together with the first points of the later ones.
constexpr std::int64_t kBatchesAtOnce = 4;

// A tolerance that no path is within, to count the most points that there may be.
constexpr double kUnreachable = -1;

// A point of a path.
struct Point {
  std::size_t path = 0;
  std::size_t number = 0;  // in its path
  double t = 0;
};

template <class T>
void place_as(const Path& path, double t, Tensor& values) {
  if (t == 0 || t == 1) {
    copy_rows(t == 0 ? path.from : path.to, values);
    return;
  }
  const T* from = path.from.data<T>();
  const T* to = path.to.data<T>();
  T* out = values.mutable_data<T>();
  const auto fraction = static_cast<T>(t);
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    out[i] = from[i] + fraction * (to[i] - from[i]);
  }
}

template <class T>
void add_terms_as(const Path& path, double weight, const Tensor& gradient, bool per_dimension,
                  std::span<double> sums) {
  const T* from = path.from.data<T>();
  const T* to = path.to.data<T>();
  const T* slope = gradient.data<T>();
  const auto width = static_cast<std::size_t>(path.to.cols());
  const auto term = [&](std::size_t i) {
    return (static_cast<double>(to[i]) - static_cast<double>(from[i])) *
           static_cast<double>(slope[i]);
  };
  if (per_dimension) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += weight * term(i);
    return;
  }
  for (std::size_t token = 0; token < sums.size(); ++token) {
    double sum = 0;
    for (std::size_t d = 0; d < width; ++d) sum += term(token * width + d);
    sums[token] += weight * sum;
  }
}

class Integration {
 public:
  Integration(std::span<const Path> paths, std::span<Task> tasks, Scorer& scorer, TapPoint at)
      : paths_(paths), tasks_(tasks), scorer_(scorer), at_(at) {}

  // Sums for the points of each path, which have their weights.
  void run_fixed(std::span<const Quadrature> rules, bool per_dimension,
                 std::vector<PathIntegral>& integrals) {
    std::vector<Point> points;
    std::int64_t rows = 0;
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      const Quadrature& rule = rules[rules.size() == 1 ? 0 : i];
      rows += static_cast<std::int64_t>(rule.points.size()) * task(i).sequence.size();
      for (std::size_t k = 0; k < rule.points.size(); ++k) points.push_back({i, k, rule.points[k]});
      integrals[i].sums.assign(targets(i) * entries(i, per_dimension), 0.0);
    }
    run(points, rows, [&](const Point& point, const Outcome& outcome) {
      const Quadrature& rule = rules[rules.size() == 1 ? 0 : point.path];
      const std::size_t count = entries(point.path, per_dimension);
      for (std::size_t k = 0; k < outcome.gradients.size(); ++k) {
        const std::span<double> sums = std::span(integrals[point.path].sums)
                                           .subspan((outcome.first_target + k) * count, count);
        add_terms(paths_[point.path], rule.weights[point.number], outcome.gradients[k],
                  per_dimension, sums);
      }
    });
  }

  // The sums for tokens, and for each path the rule that it ended with.
  std::vector<Quadrature> run_adaptive(double tolerance, std::vector<PathIntegral>& integrals) {
    std::vector<Refined> refined;
    if (scorer_.counts_only()) tolerance = kUnreachable;
    const bool rounded = ops::available_precision(scorer_.precision()) == Precision::kBf16;
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      task(i).runs.at_most = true;
      refined.push_back({Panels(targets(i), tolerance, rounded), {}, true});
    }
    const std::int64_t enough = kBatchesAtOnce * scorer_.batch_tokens();
    for (std::size_t begun = 0;;) {
      std::vector<Point> points;
      std::int64_t rows = 0;
      for (std::size_t i = 0; i < paths_.size(); ++i) {
        if (i == begun && rows < enough) ++begun;
        if (i < begun && refined[i].wants_more) rows += ask(i, refined[i], points);
      }
      if (points.empty()) break;
      run(points, rows, [&](const Point& point, const Outcome& outcome) {
        answer(point, outcome, refined[point.path]);
      });
      for (std::size_t i = 0; i < begun; ++i) {
        if (refined[i].wants_more) refined[i].wants_more = refined[i].panels.refine();
      }
    }
    std::vector<Quadrature> rules;
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      rules.push_back(finish(i, refined[i], integrals[i]));
    }
    return rules;
  }

 private:
  // What is known of a path so far.
  struct Refined {
    Panels panels;
    std::vector<std::vector<double>> terms;  // of each point `[targets, tokens]`
    bool wants_more;
  };

  static std::size_t index(std::int64_t item) { return static_cast<std::size_t>(item); }
  Task& task(std::size_t path) { return tasks_[paths_[path].task]; }
  std::size_t targets(std::size_t path) { return task(path).targets.size(); }
  Variant variant(std::size_t path) { return {&task(path), task(path).sequence}; }
  std::size_t entries(std::size_t path, bool per_dimension) const {
    const Tensor& to = paths_[path].to;
    return static_cast<std::size_t>(per_dimension ? to.numel() : to.rows());
  }

  // `rows` of all points.
  template <class Take>
  void run(const std::vector<Point>& points, std::int64_t rows, Take take) {
    scorer_.run({.count = static_cast<std::int64_t>(points.size()),
                 .rows = rows,
                 .variant = [&](std::int64_t item) { return variant(points[index(item)].path); },
                 .at = at_,
                 .fill =
                     [&](std::int64_t item, Tensor& values) {
                       const Point& point = points[index(item)];
                       place_point(paths_[point.path], point.t, values);
                     },
                 .gradients = true,
                 .take = [&](std::int64_t item,
                             const Outcome& outcome) { take(points[index(item)], outcome); }});
  }

  // Adds the points that a path waits for, and says how many rows they are.
  std::int64_t ask(std::size_t path, Refined& refined, std::vector<Point>& points) {
    const std::vector<double>& all = refined.panels.points();
    const std::size_t first = refined.panels.evaluated();
    for (std::size_t i = first; i < all.size(); ++i) points.push_back({path, i, all[i]});
    refined.terms.resize(all.size());
    return static_cast<std::int64_t>(all.size() - first) * task(path).sequence.size();
  }

  void answer(const Point& point, const Outcome& outcome, Refined& refined) {
    const std::size_t tokens = entries(point.path, false);
    std::vector<double>& terms = refined.terms[point.number];
    terms.resize(targets(point.path) * tokens);
    for (std::size_t k = 0; k < outcome.gradients.size(); ++k) {
      const std::size_t target = outcome.first_target + k;
      const std::span<double> own = std::span(terms).subspan(target * tokens, tokens);
      add_terms(paths_[point.path], 1, outcome.gradients[k], false, own);
      double slope = 0;
      for (const double term : own) slope += term;
      refined.panels.set(point.number, target, task(point.path).value(outcome.logits, target),
                         slope);
    }
  }

  Quadrature finish(std::size_t path, const Refined& refined, PathIntegral& integral) {
    const Panels& panels = refined.panels;
    const std::vector<double> weights = panels.weights();
    integral.points = weights.size();
    integral.sums.assign(targets(path) * entries(path, false), 0.0);
    Quadrature rule;
    for (std::size_t point = 0; point < weights.size(); ++point) {
      rule.points.push_back(panels.points()[point]);
      rule.weights.push_back(weights[point]);
      for (std::size_t i = 0; i < integral.sums.size(); ++i) {
        integral.sums[i] += weights[point] * refined.terms[point][i];
      }
    }
    for (std::size_t k = 0; k < targets(path); ++k) {
      integral.baseline_values.push_back(panels.value(0, k));
      if (panels.within_bounds()) continue;
      integral.error_left = std::max(integral.error_left.value_or(0), panels.error(k));
    }
    return rule;
  }

  std::span<const Path> paths_;
  std::span<Task> tasks_;
  Scorer& scorer_;
  TapPoint at_;
};

}  // namespace

std::vector<Tensor> text_values(std::span<Task> tasks, Scorer& scorer, TapPoint at) {
  std::vector<Tensor> values(tasks.size());
  if (at.tap == Tap::kWordEmbeddings) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      values[i] = scorer.model().word_embeddings(tasks[i].sequence.ids);
    }
    return values;
  }
  Sweep texts = sweep_texts(tasks);
  texts.at = at;
  texts.take = [&](std::int64_t item, const Outcome& outcome) {
    values[static_cast<std::size_t>(item)] = outcome.values.clone();
  };
  scorer.run(texts);
  return values;
}

std::vector<Path> paths_from(const Baseline& baseline, std::span<Task> tasks,
                             std::span<const Tensor> texts, Scorer& scorer, TapPoint at) {
  const std::size_t count = baseline.count();
  const bool at_words = at.tap == Tap::kWordEmbeddings;
  std::vector<Path> paths(tasks.size() * count);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    Path& path = paths[i];
    path.task = i / count;
    path.to = texts[path.task];
    if (baseline.is_vector()) {
      path.from = path.to.clone();
      baseline.fill_rows(tasks[path.task], path.from);
    } else if (at_words) {
      path.from =
          scorer.model().word_embeddings(baseline.sequence(tasks[path.task], i % count).ids);
    }
  }
  if (baseline.is_vector() || at_words) return paths;
  scorer.run({.count = static_cast<std::int64_t>(paths.size()),
              .variant =
                  [&](std::int64_t item) {
                    const auto i = static_cast<std::size_t>(item);
                    Task& task = tasks[paths[i].task];
                    return Variant{&task, baseline.sequence(task, i % count)};
                  },
              .at = at,
              .take =
                  [&](std::int64_t item, const Outcome& outcome) {
                    Path& path = paths[static_cast<std::size_t>(item)];
                    path.from = outcome.values.clone();
                    path.baseline_logits.assign(outcome.logits.begin(), outcome.logits.end());
                  }});
  return paths;
}

std::vector<std::vector<double>> score_baselines(std::span<const Path> paths, std::span<Task> tasks,
                                                 Scorer& scorer, TapPoint at) {
  std::vector<std::vector<double>> scores(paths.size());
  const auto set = [&](std::size_t path, std::span<const double> logits) {
    const Task& task = tasks[paths[path].task];
    for (std::size_t k = 0; k < task.targets.size(); ++k) {
      scores[path].push_back(task.value(logits, k));
    }
  };
  std::vector<std::size_t> unknown;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (paths[i].baseline_logits.empty()) {
      unknown.push_back(i);
    } else {
      set(i, paths[i].baseline_logits);
    }
  }
  const auto path_of = [&](std::int64_t item) { return unknown[static_cast<std::size_t>(item)]; };
  scorer.run({.count = static_cast<std::int64_t>(unknown.size()),
              .variant =
                  [&](std::int64_t item) {
                    Task& task = tasks[paths[path_of(item)].task];
                    return Variant{&task, task.sequence};
                  },
              .at = at,
              .fill = [&](std::int64_t item,
                          Tensor& values) { copy_rows(paths[path_of(item)].from, values); },
              .only_scores = true,
              .take = [&](std::int64_t item,
                          const Outcome& outcome) { set(path_of(item), outcome.logits); }});
  return scores;
}

void place_point(const Path& path, double t, Tensor& values) {
  values.dtype() == Dtype::kF64 ? place_as<double>(path, t, values)
                                : place_as<float>(path, t, values);
}

void add_terms(const Path& path, double weight, const Tensor& gradient, bool per_dimension,
               std::span<double> sums) {
  gradient.dtype() == Dtype::kF64
      ? add_terms_as<double>(path, weight, gradient, per_dimension, sums)
      : add_terms_as<float>(path, weight, gradient, per_dimension, sums);
}

std::vector<PathIntegral> integrate(std::span<const Path> paths, std::span<Task> tasks,
                                    Scorer& scorer, TapPoint at, const PathRule& rule,
                                    bool per_dimension) {
  std::vector<PathIntegral> integrals(paths.size());
  Integration integration(paths, tasks, scorer, at);
  if (rule.fixed) {
    for (PathIntegral& integral : integrals) integral.points = rule.fixed->points.size();
    std::vector<std::vector<double>> scores = score_baselines(paths, tasks, scorer, at);
    for (std::size_t i = 0; i < paths.size(); ++i) {
      integrals[i].baseline_values = std::move(scores[i]);
    }
    integration.run_fixed(std::span(&*rule.fixed, 1), per_dimension, integrals);
    return integrals;
  }
  const std::vector<Quadrature> rules = integration.run_adaptive(rule.tolerance, integrals);
  if (per_dimension) integration.run_fixed(rules, true, integrals);
  return integrals;
}

}  // namespace ascribo
