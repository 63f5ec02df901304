// SPDX-License-Identifier: MIT
// Panels under one cubic spline. With second derivatives m_i of the spline through (t_i, y_i) and
// h_i = t_{i+1} - t_i,
//   h_{i-1} m_{i-1} + 2 (h_{i-1} + h_i) m_i + h_i m_{i+1}
//     = 6 ((y_{i+1} - y_i) / h_i - (y_i - y_{i-1}) / h_{i-1}),
//   integral over stretch i = h_i (y_i + y_{i+1}) / 2 - h_i^3 (m_i + m_{i+1}) / 24,
// and the first two and the last two stretches are one cubic each ("not-a-knot", de Boor 1978: A
// Practical Guide to Splines, chapter IV). docs/design/decisions.md says why a spline.
#include "ascribo/explain/panels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ascribo/base/assert.h"

namespace ascribo {
namespace {

constexpr std::size_t kFirstPanels = 6;

// A panel is cut when its error alone is more than this share of what all may have together.
constexpr double kLargeShare = 0.5;

// Of panels that are not to be cut.
constexpr double kUncut = -1;

// Half of a panel should err by a sixteenth; one that errs by more than this share is rounded.
constexpr double kStalled = 0.25;

// Second derivatives of the spline at every point; at least four points.
std::vector<double> curvatures(std::span<const double> t, std::span<const double> y) {
  const std::size_t last = t.size() - 1;
  const auto h = [&](std::size_t i) { return t[i + 1] - t[i]; };
  // Where both ends are one cubic, m_0 and m_last follow from their neighbours.
  const double first_ratio = h(0) / h(1), last_ratio = h(last - 1) / h(last - 2);
  std::vector<double> upper(t.size()), m(t.size());
  for (std::size_t i = 1; i < last; ++i) {
    double before = h(i - 1), here = 2 * (h(i - 1) + h(i)), after = h(i);
    const double right = 6 * ((y[i + 1] - y[i]) / h(i) - (y[i] - y[i - 1]) / h(i - 1));
    if (i == 1) {
      here += h(0) * (1 + first_ratio);
      after -= h(0) * first_ratio;
      before = 0;
    }
    if (i == last - 1) {
      here += h(last - 1) * (1 + last_ratio);
      before -= h(last - 1) * last_ratio;
      after = 0;
    }
    const double pivot = here - before * upper[i - 1];
    upper[i] = after / pivot;
    m[i] = (right - before * m[i - 1]) / pivot;
  }
  for (std::size_t i = last - 1; i-- > 1;) m[i] -= upper[i] * m[i + 1];
  m[0] = m[1] + first_ratio * (m[1] - m[2]);
  m[last] = m[last - 1] + last_ratio * (m[last - 1] - m[last - 2]);
  return m;
}

// The largest error of a panel that cutting has not made much smaller; 0: cutting helps everywhere.
double rounding_in(const std::vector<double>& errors, const std::vector<double>& before) {
  double largest = 0;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (errors[i] > kStalled * before[i]) largest = std::max(largest, errors[i]);
  }
  return largest;
}

}  // namespace

Panels::Panels(std::size_t scores, double tolerance, bool rounded)
    : scores_(scores),
      tolerance_(tolerance),
      rounded_(rounded),
      before_(scores, std::vector<double>(kFirstPanels, std::numeric_limits<double>::infinity())) {
  constexpr std::size_t kStretches = 2 * kFirstPanels;
  order_.resize(kStretches + 1);
  order_.front() = add_point(0);
  order_.back() = add_point(1);
  for (std::size_t i = 1; i < kStretches; ++i) {
    order_[i] = add_point(static_cast<double>(i) / static_cast<double>(kStretches));
  }
}

std::size_t Panels::add_point(double t) {
  points_.push_back(t);
  values_.resize(points_.size() * scores_);
  slopes_.resize(points_.size() * scores_);
  return points_.size() - 1;
}

void Panels::set(std::size_t point, std::size_t score, double value, double slope) {
  ASCRIBO_ASSERT(point < points_.size() && score < scores_);
  values_[point * scores_ + score] = value;
  slopes_[point * scores_ + score] = slope;
}

double Panels::value(std::size_t point, std::size_t score) const {
  return values_[point * scores_ + score];
}

// Slopes in the order of the path.
std::vector<double> Panels::panel_integrals(std::span<const double> slopes) const {
  std::vector<double> t;
  for (const std::size_t point : order_) t.push_back(points_[point]);
  const std::vector<double> m = curvatures(t, slopes);
  std::vector<double> integrals(order_.size() / 2, 0.0);
  for (std::size_t i = 0; i + 1 < t.size(); ++i) {
    const double h = t[i + 1] - t[i];
    integrals[i / 2] += h * (slopes[i] + slopes[i + 1]) / 2 - h * h * h * (m[i] + m[i + 1]) / 24;
  }
  return integrals;
}

std::vector<double> Panels::panel_errors(std::size_t score) const {
  std::vector<double> slopes;
  for (const std::size_t point : order_) slopes.push_back(slopes_[point * scores_ + score]);
  std::vector<double> errors = panel_integrals(slopes);
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const double change = value(order_[2 * i + 2], score) - value(order_[2 * i], score);
    errors[i] = std::abs(errors[i] - change);
  }
  return errors;
}

double Panels::error(std::size_t score) const {
  double sum = 0;
  for (const double error : panel_errors(score)) sum += error;
  return sum / std::max(std::abs(value(1, score) - value(0, score)), kLeastChange);
}

bool Panels::refine() {
  evaluated_ = points_.size();
  within_ = true;
  std::vector<double> excess(order_.size() / 2, kUncut);
  std::vector<std::vector<double>> all_errors;
  for (std::size_t k = 0; k < scores_; ++k) {
    const double allowed = tolerance_ * std::max(std::abs(value(1, k) - value(0, k)), kLeastChange);
    const std::vector<double>& errors = all_errors.emplace_back(panel_errors(k));
    double sum = 0;
    for (const double error : errors) sum += error;
    if (sum <= allowed) continue;
    within_ = false;
    if (!std::isfinite(sum)) return false;  // no point can mend that
    const double rounding = rounded_ ? rounding_in(errors, before_[k]) : 0;
    for (std::size_t i = 0; i < errors.size(); ++i) {
      if (rounded_ && errors[i] <= rounding) continue;
      excess[i] = std::max(excess[i], errors[i] / allowed);
    }
  }
  if (!within_) cut(excess, all_errors);
  return points_.size() > evaluated_;
}

// The middle of a panel is an end of both halves.
void Panels::cut(const std::vector<double>& excess,
                 const std::vector<std::vector<double>>& errors) {
  const double worst = *std::max_element(excess.begin(), excess.end());
  if (worst == kUncut) return;
  const double least = std::min(worst, kLargeShare);
  std::vector<std::vector<double>> before(scores_);
  std::vector<std::size_t> order = {order_.front()};
  for (std::size_t i = 0; i < excess.size(); ++i) {
    const std::size_t from = order_[2 * i], middle = order_[2 * i + 1], to = order_[2 * i + 2];
    const bool halved = excess[i] >= least && points_.size() + 2 <= kMostPoints;
    for (std::size_t k = 0; k < scores_; ++k) {
      before[k].insert(before[k].end(), halved ? 2 : 1, halved ? errors[k][i] : before_[k][i]);
    }
    if (halved) {
      order.push_back(add_point((points_[from] + points_[middle]) / 2));
      order.push_back(middle);
      order.push_back(add_point((points_[middle] + points_[to]) / 2));
    } else {
      order.push_back(middle);
    }
    order.push_back(to);
  }
  order_ = std::move(order);
  before_ = std::move(before);
}

std::vector<double> Panels::weights() const {
  std::vector<double> weights(points_.size()), slopes(points_.size(), 0.0);
  for (std::size_t i = 0; i < order_.size(); ++i) {
    slopes[i] = 1;
    for (const double integral : panel_integrals(slopes)) weights[order_[i]] += integral;
    slopes[i] = 0;
  }
  return weights;
}

}  // namespace ascribo
