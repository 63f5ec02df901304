// SPDX-License-Identifier: MIT
// Magnitudes of gradients, point by point.
#include "ascribo/explain/methods/mean_magnitude.h"

#include <cmath>

namespace ascribo {
namespace {

template <class T>
std::vector<double> mean_magnitude_as(const Tensor& values, const Tensor& gradient,
                                      bool times_value) {
  const T* value = values.data<T>();
  const T* slope = gradient.data<T>();
  const std::int64_t width = values.cols();
  std::vector<double> means;
  for (std::int64_t token = 0; token < values.rows(); ++token) {
    double sum = 0;
    for (std::int64_t i = token * width; i < (token + 1) * width; ++i) {
      sum += std::abs(static_cast<double>(slope[i]) *
                      (times_value ? static_cast<double>(value[i]) : 1.0));
    }
    means.push_back(sum / static_cast<double>(width));
  }
  return means;
}

}  // namespace

std::vector<double> mean_magnitude(const Tensor& values, const Tensor& gradient, bool times_value) {
  return gradient.dtype() == Dtype::kF64 ? mean_magnitude_as<double>(values, gradient, times_value)
                                         : mean_magnitude_as<float>(values, gradient, times_value);
}

std::vector<std::vector<double>> integrate_magnitudes(std::span<const Path> paths,
                                                      std::span<Task> tasks, Scorer& scorer,
                                                      TapPoint at, const Quadrature& rule) {
  const auto points = static_cast<std::int64_t>(rule.points.size());
  const auto path_of = [&](std::int64_t item) { return static_cast<std::size_t>(item / points); };
  const auto point_of = [&](std::int64_t item) { return static_cast<std::size_t>(item % points); };
  std::vector<std::vector<double>> sums;
  for (const Path& path : paths) {
    const auto tokens = static_cast<std::size_t>(path.to.rows());
    sums.emplace_back(tasks[path.task].targets.size() * tokens, 0.0);
  }
  scorer.run({.count = static_cast<std::int64_t>(paths.size()) * points,
              .variant =
                  [&](std::int64_t item) {
                    Task& task = tasks[paths[path_of(item)].task];
                    return Variant{&task, task.sequence};
                  },
              .at = at,
              .fill =
                  [&](std::int64_t item, Tensor& values) {
                    place_point(paths[path_of(item)], rule.points[point_of(item)], values);
                  },
              .gradients = true,
              .take =
                  [&](std::int64_t item, const Outcome& outcome) {
                    const auto tokens = static_cast<std::size_t>(outcome.values.rows());
                    const double weight = rule.weights[point_of(item)];
                    for (std::size_t k = 0; k < outcome.gradients.size(); ++k) {
                      const std::vector<double> terms =
                          mean_magnitude(outcome.values, outcome.gradients[k], true);
                      double* sum =
                          sums[path_of(item)].data() + (outcome.first_target + k) * tokens;
                      for (std::size_t i = 0; i < tokens; ++i) sum[i] += weight * terms[i];
                    }
                  }});
  return sums;
}

}  // namespace ascribo
