// SPDX-License-Identifier: MIT
// A path integral in panels whose errors are known, refined until they are small enough.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ascribo {

/// Integrates the slopes of scores F_k(t) over [0, 1], where what should come out is known on every
/// stretch: the integral of a slope between two points is the difference of the scores there.
/// Slopes are joined by a cubic spline; two neighbouring stretches between points are a panel. Its
/// error is therefore known, not estimated, and as long as the errors of all panels, their
/// magnitudes added up, are too large, the panels that err most are cut in two. Every point that
/// was ever asked for is used.
///
///     Panels panels(scores, 0.01);
///     do {
///       for (std::size_t i = panels.evaluated(); i < panels.points().size(); ++i) ...
///       panels.set();
///     } while (panels.refine());
///
/// What is asked for depends on nothing but the scores and slopes.
class Panels {
 public:
  static constexpr std::size_t kMostPoints = 127;
  static constexpr double kLeastChange = 0.01;

  /// The errors of score k may add up to tolerance x max(|F_k(1) - F_k(0)|, kLeastChange). Where
  /// scores and slopes are `rounded` much more coarsely than that, the error of a panel that is not
  /// much smaller than that of the panel it was cut from is rounding: no panel that errs as little
  /// is cut.
  Panels(std::size_t scores, double tolerance, bool rounded = false);

  /// Where scores and slopes are wanted, in the order in which they were asked for: the first at 0,
  /// the second at 1. Points keep their places.
  const std::vector<double>& points() const { return points_; }
  /// Points from this one on wait for set().
  std::size_t evaluated() const { return evaluated_; }
  void set(std::size_t point, std::size_t score, double value, double slope);
  double value(std::size_t point, std::size_t score) const;

  /// Call when every score has been set at every point: true when more points are wanted; false
  /// when all scores are within their bounds, or no further point is allowed.
  bool refine();
  /// Whether every score is within its bound, as of the last refine().
  bool within_bounds() const { return within_; }
  /// The errors of one score's panels, their magnitudes added up, as a share of
  /// max(|F(1) - F(0)|, kLeastChange): what the tolerance is compared with.
  double error(std::size_t score) const;
  /// One per point, in the order of points(); they add up to 1.
  std::vector<double> weights() const;

 private:
  std::size_t add_point(double t);
  std::vector<double> panel_integrals(std::span<const double> slopes) const;
  std::vector<double> panel_errors(std::size_t score) const;
  void cut(const std::vector<double>& excess, const std::vector<std::vector<double>>& errors);

  std::size_t scores_;
  double tolerance_;
  bool rounded_;
  bool within_ = false;
  std::size_t evaluated_ = 0;
  std::vector<double> points_;
  std::vector<std::size_t> order_;       // the points along the path; panel i is 2i, 2i + 1, 2i + 2
  std::vector<double> values_, slopes_;  // `[points, scores]`
  std::vector<std::vector<double>>
      before_;  // errors `[scores][panels]` of what panels were cut from
};

}  // namespace ascribo
