// SPDX-License-Identifier: MIT
// Normal equations, solved by Eigen; the lasso by coordinate descent.
#include "ascribo/explain/perturb/least_squares.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <utility>

namespace ascribo {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

auto view(const std::vector<double>& numbers, std::size_t columns) {
  const auto cols = static_cast<Eigen::Index>(columns);
  return Eigen::Map<const Matrix>(
      numbers.data(), cols == 0 ? 0 : static_cast<Eigen::Index>(numbers.size()) / cols, cols);
}

auto view(std::span<const double> numbers) {
  return Eigen::Map<const Vector>(numbers.data(), static_cast<Eigen::Index>(numbers.size()));
}

std::vector<double> copy(const Vector& vector) {
  return {vector.data(), vector.data() + vector.size()};
}

double shrink(double value, double by) {
  return value > by ? value - by : value < -by ? value + by : 0;
}

}  // namespace

LeastSquares::LeastSquares(Table x, std::vector<double> weights, std::span<const double> penalties)
    : x_(std::move(x)), weights_(std::move(weights)) {
  if (x_.columns == 0) return;  // nothing to find
  const auto rows = view(x_.numbers, x_.columns);
  Matrix normal = rows.transpose() * view(weights_).asDiagonal() * rows;
  normal.diagonal() += view(penalties);
  // Not a plain inverse: with fewer rows than columns there is none.
  const Matrix inverse = Eigen::CompleteOrthogonalDecomposition<Matrix>(normal).pseudoInverse();
  inverse_.assign(inverse.data(), inverse.data() + inverse.size());
  const Vector quadratic = (rows * inverse).cwiseProduct(rows).rowwise().sum();
  leverages_ = copy(quadratic.cwiseProduct(view(weights_)));
}

std::vector<double> LeastSquares::coefficients(std::span<const double> y) const {
  const auto rows = view(x_.numbers, x_.columns);
  const Vector moment = rows.transpose() * view(weights_).cwiseProduct(view(y));
  return copy(view(inverse_, x_.columns) * moment);
}

Table LeastSquares::influences(std::span<const double> y,
                               std::span<const double> coefficients) const {
  // A row that the fit must pass through tells nothing of its own error.
  constexpr double kLeastFreedom = 1e-6;
  const auto rows = view(x_.numbers, x_.columns);
  const Vector residuals = view(y) - rows * view(coefficients);
  Vector scale(residuals.size());
  for (Eigen::Index r = 0; r < residuals.size(); ++r) {
    const double freedom = 1 - leverages_[static_cast<std::size_t>(r)];
    scale[r] = freedom < kLeastFreedom
                   ? 0
                   : weights_[static_cast<std::size_t>(r)] * residuals[r] / freedom;
  }
  const Matrix moved = scale.asDiagonal() * rows * view(inverse_, x_.columns);
  return {x_.columns, {moved.data(), moved.data() + moved.size()}};
}

std::vector<double> standard_errors(const Table& influences, std::span<const std::size_t> groups) {
  std::size_t count = influences.rows();
  if (!groups.empty()) count = *std::max_element(groups.begin(), groups.end()) + 1;
  Matrix sums =
      Matrix::Zero(static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(influences.columns));
  const auto rows = view(influences.numbers, influences.columns);
  for (std::size_t r = 0; r < influences.rows(); ++r) {
    const std::size_t group = groups.empty() ? r : groups[r];
    sums.row(static_cast<Eigen::Index>(group)) += rows.row(static_cast<Eigen::Index>(r));
  }
  return copy(sums.colwise().norm().transpose());
}

std::vector<double> lasso(const Table& x, std::span<const double> weights,
                          std::span<const double> y, double alpha) {
  constexpr int kMostRounds = 10'000;
  constexpr double kTolerance = 1e-12;
  const double total = view(weights).sum();
  const Vector share = view(weights) / total;
  Matrix centred = view(x.numbers, x.columns);
  centred.rowwise() -= (share.transpose() * centred).eval();
  Vector residual = view(y).array() - share.dot(view(y));
  const Vector norms = (centred.array().square().matrix().transpose() * share);
  Vector coefficients = Vector::Zero(centred.cols());
  for (int round = 0; round < kMostRounds; ++round) {
    double largest_move = 0;
    for (Eigen::Index c = 0; c < centred.cols(); ++c) {
      if (norms[c] <= 0) continue;
      const double before = coefficients[c];
      const double slope = centred.col(c).cwiseProduct(share).dot(residual) + norms[c] * before;
      coefficients[c] = shrink(slope, alpha) / norms[c];
      residual += (before - coefficients[c]) * centred.col(c);
      largest_move = std::max(largest_move, std::abs(coefficients[c] - before));
    }
    if (largest_move <= kTolerance * (1 + coefficients.cwiseAbs().maxCoeff())) break;
  }
  return copy(coefficients);
}

}  // namespace ascribo
