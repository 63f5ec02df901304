// SPDX-License-Identifier: MIT
// Shapley values as a weighted regression: which masks to ask for, with what weight, and the fit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ascribo/explain/perturb/design.h"
#include "ascribo/explain/perturb/least_squares.h"

namespace ascribo {

// Shapley values minimise sum_S mu(S) (F(S) - F(nothing) - sum_{i in S} a_i)^2 over the sets S of
// kept units, with the sum of all a_i fixed, when a set of size s among m weighs
// mu(S) = (m - 1) / (C(m, s) s (m - s)). (Charnes et al. 1988; Lundberg, Lee 2017.)

/// About `samples` masks, after one that hides everything. Sizes with few sets are there in full;
/// of the others, pairs of a set and its complement (antithetic: Covert, Lee 2021) are drawn, sizes
/// by weight. Draws depend on seed, key and the number of the pair.
Design kernel_design(std::size_t units, std::int64_t samples, std::uint64_t seed,
                     std::uint64_t key);

struct KernelFit {
  std::vector<double> scores;
  std::vector<double> errors;  ///< zeros where every set was there; infinite when they are unknown
};

/// Fits any design: a size whose sets are all there once has their weight, all other rows are taken
/// for drawn by the kernel's law and share what is left. Rows that hide everything or nothing only
/// say what `whole` and `nothing` say.
class KernelRegression {
 public:
  explicit KernelRegression(const Design& design);
  /// `values` are F of the design's rows; `whole` and `nothing` those of the text and of all units
  /// hidden. The scores add up to their difference.
  KernelFit fit(std::span<const double> values, double whole, double nothing) const;
  /// Rows that tell something, at least as many as units - 1 of them are needed.
  std::size_t rows() const { return used_.size(); }

 private:
  static constexpr std::size_t kFixed = static_cast<std::size_t>(-1);

  void weigh(const Design& design);
  void group(const Design& design);
  Table without_last(const Design& design) const;
  std::vector<double> errors(const Table& influences) const;

  std::size_t units_;
  std::vector<std::size_t> used_;    // rows of the design
  std::vector<double> weights_;      // of used rows
  std::vector<std::size_t> groups_;  // drawn together; kFixed: of a size that is there in full
  std::size_t group_count_ = 0;
  std::vector<double> last_;  // whether the last unit is kept
  LeastSquares model_;
};

}  // namespace ascribo
