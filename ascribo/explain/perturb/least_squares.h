// SPDX-License-Identifier: MIT
// Weighted linear regression of scores on what was kept.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ascribo {

/// A table of numbers `[rows, columns]`, row after row.
struct Table {
  std::size_t columns = 0;
  std::vector<double> numbers = {};
  std::size_t rows() const { return columns == 0 ? 0 : numbers.size() / columns; }
};

/// Minimises sum_r w_r (y_r - x_r b)^2 + sum_c penalty_c b_c^2; one factorisation serves any number
/// of y. Directions that the rows say nothing about get the coefficient 0.
class LeastSquares {
 public:
  LeastSquares(Table x, std::vector<double> weights, std::span<const double> penalties);

  std::vector<double> coefficients(std::span<const double> y) const;

  /// How far each row moved the coefficients, `[rows, columns]`: the inverse of the normal matrix
  /// times w_r x_r residual_r / (1 - leverage_r). Sums of squares over independent rows are the
  /// coefficients' variances, whatever the residuals' own are (the sandwich estimator "HC3" of
  /// MacKinnon, White 1985).
  Table influences(std::span<const double> y, std::span<const double> coefficients) const;

 private:
  Table x_;
  std::vector<double> weights_;
  std::vector<double> inverse_;  // of the normal matrix, [columns, columns]
  std::vector<double> leverages_;
};

/// The standard errors that influences of independent rows add up to; rows with the same `group`
/// number move together and count as one. Empty groups: every row by itself.
std::vector<double> standard_errors(const Table& influences,
                                    std::span<const std::size_t> groups = {});

/// Minimises 1/(2 sum_r w_r) sum_r w_r (y_r - b_0 - x_r b)^2 + alpha sum_c |b_c| by coordinate
/// descent; the intercept b_0 is not returned. (Tibshirani 1996; the objective is scikit-learn's.)
std::vector<double> lasso(const Table& x, std::span<const double> weights,
                          std::span<const double> y, double alpha);

}  // namespace ascribo
