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
  /// Rows that tell something; at least units - 1 of them are needed.
  std::size_t rows() const { return rows_; }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // A row of the regression: one of the design's, or two that are complements and were drawn
  // together. Where one says y = x a, the other says y = -x a, so they are one observation.
  struct Observation {
    std::size_t row, partner;
    double weight;
    bool drawn;  ///< not of a size that is there in full
  };

  std::vector<Observation> observe(const Design& design);
  Table without_last(const Design& design) const;
  std::vector<double> weights() const;
  std::vector<double> errors(const Table& influences) const;

  std::size_t units_, rows_ = 0;
  std::vector<Observation> observations_;
  std::vector<std::uint8_t> last_;  // whether the last unit is kept, for each row of the design
  LeastSquares model_;
};

}  // namespace ascribo
