// SPDX-License-Identifier: MIT
// Straight paths from a baseline to a text, and the integrals of gradients along them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "ascribo/explain/baselines.h"
#include "ascribo/explain/quadrature.h"
#include "ascribo/explain/scorer.h"

namespace ascribo {

/// values(t) = from + t (to - from), both `[tokens, n]` at a tap, while everything else in the
/// model (positions, attention) stays that of the text.
struct Path {
  std::size_t task = 0;
  Tensor from, to;
  std::vector<double> baseline_logits = {};  ///< where the path starts, if they are known already
};

/// The values that each task's text has at the tap: no forward for word embeddings, else one each.
std::vector<Tensor> text_values(std::span<Task> tasks, Scorer& scorer, TapPoint at);

/// Paths from each baseline to each of `texts`: baseline.count() of them for each task, task by
/// task.
std::vector<Path> paths_from(const Baseline& baseline, std::span<Task> tasks,
                             std::span<const Tensor> texts, Scorer& scorer, TapPoint at);

/// The scores of every path's task where the path starts, `[targets]` each.
std::vector<std::vector<double>> score_baselines(std::span<const Path> paths, std::span<Task> tasks,
                                                 Scorer& scorer, TapPoint at);

/// values = from + t (to - from), exact at both ends.
void place_point(const Path& path, double t, Tensor& values);

/// Adds weight (to - from) gradient to `sums`, one for each token, or one for each dimension.
void add_terms(const Path& path, double weight, const Tensor& gradient, bool per_dimension,
               std::span<double> sums);

/// How a path is cut into points.
struct PathRule {
  std::optional<Quadrature> fixed;  ///< the same points for every path; empty: adaptive
  double tolerance = 0;             ///< of an adaptive one: see explain/panels.h
};

/// (to - from) x the integral of the gradients, for every target of a path's task.
struct PathIntegral {
  std::vector<double> sums;             ///< `[targets, tokens]`, or `[targets, tokens, n]`
  std::vector<double> baseline_values;  ///< the score of each target where the path starts
  std::size_t points = 0;               ///< at which gradients were taken
  /// Of an adaptive rule that ran out of points: the worst target's Panels::error().
  std::optional<double> error_left;
};

/// All paths advance together, so that batches are full; what one gives does not depend on the
/// others. An adaptive rule with `per_dimension` runs its points a second time once it knows their
/// weights: a vector for each token and point might not fit into memory.
std::vector<PathIntegral> integrate(std::span<const Path> paths, std::span<Task> tasks,
                                    Scorer& scorer, TapPoint at, const PathRule& rule,
                                    bool per_dimension);

}  // namespace ascribo
