// SPDX-License-Identifier: MIT
// Fills sizes from the ends inwards, draws the rest in pairs, and eliminates the constraint.
#include "ascribo/explain/perturb/shapley_kernel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "ascribo/base/rng.h"

namespace ascribo {
namespace {

double choose(std::size_t n, std::size_t k) {
  double result = 1;
  for (std::size_t i = 1; i <= k; ++i) {
    result *= static_cast<double>(n - k + i) / static_cast<double>(i);
  }
  return std::round(result);
}

// The weight of all sets of a size together.
double weight_of_size(std::size_t units, std::size_t size) {
  return static_cast<double>(units - 1) / static_cast<double>(size * (units - size));
}

std::size_t hidden_count(std::span<const std::uint8_t> row) {
  return static_cast<std::size_t>(std::count(row.begin(), row.end(), std::uint8_t{1}));
}

// Hides each set of `size` units in turn (the next combination in lexical order).
void add_all(std::size_t size, Design& design) {
  std::vector<std::uint8_t> flags(design.units(), 0);
  std::fill_n(flags.begin(), size, std::uint8_t{1});
  do {
    design.add(flags);
  } while (std::prev_permutation(flags.begin(), flags.end()));
}

// A set of that size, each equally likely: the first of a shuffled list.
std::vector<std::uint8_t> draw_set(std::size_t units, std::size_t size, Rng& rng) {
  std::vector<std::size_t> order(units);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<std::uint8_t> flags(units, 0);
  for (std::size_t i = 0; i < size; ++i) {
    std::swap(order[i], order[i + rng.below(units - i)]);
    flags[order[i]] = 1;
  }
  return flags;
}

void add_pairs(std::size_t first_size, std::size_t pairs, std::uint64_t seed, std::uint64_t key,
               Design& design) {
  const std::size_t units = design.units();
  std::vector<double> upto;  // cumulative weights of the sizes first_size .. units - first_size
  for (std::size_t size = first_size; size <= units - first_size; ++size) {
    upto.push_back((upto.empty() ? 0 : upto.back()) + weight_of_size(units, size));
  }
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    Rng rng(seed, {key, pair});
    const double at = rng.uniform() * upto.back();
    const auto size =
        static_cast<std::size_t>(std::upper_bound(upto.begin(), upto.end() - 1, at) - upto.begin());
    std::vector<std::uint8_t> flags = draw_set(units, first_size + size, rng);
    design.add(flags);
    for (std::uint8_t& flag : flags) flag = !flag;
    design.add(flags);
  }
}

bool are_complements(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  return std::equal(a.begin(), a.end(), b.begin(), [](auto x, auto y) { return x != y; });
}

}  // namespace

Design kernel_design(std::size_t units, std::int64_t samples, std::uint64_t seed,
                     std::uint64_t key) {
  Design design(units);
  const auto everything = design.add();
  std::fill(everything.begin(), everything.end(), std::uint8_t{1});
  double left = static_cast<double>(samples);
  double weight_left = 0;
  for (std::size_t size = 1; size < units; ++size) weight_left += weight_of_size(units, size);
  std::size_t size = 1;
  for (; 2 * size <= units; ++size) {
    const bool middle = 2 * size == units;
    const double sets = choose(units, size) * (middle ? 1 : 2);
    const double weight = weight_of_size(units, size) * (middle ? 1 : 2);
    // Drawing would reach every set of this size about once: then asking for each is better.
    if (left * weight / weight_left < sets * (1 - 1e-9)) break;
    add_all(size, design);
    if (!middle) add_all(units - size, design);
    left -= sets;
    weight_left -= weight;
  }
  if (2 * size <= units) {
    add_pairs(size, static_cast<std::size_t>(std::max(1.0, left / 2)), seed, key, design);
  }
  return design;
}

KernelRegression::KernelRegression(const Design& design)
    : units_(design.units()), model_([&] {
        weigh(design);
        group(design);
        for (const std::size_t row : used_) last_.push_back(design.row(row).back() ? 0 : 1);
        return LeastSquares(without_last(design), weights_, std::vector<double>(units_ - 1, 0.0));
      }()) {}

void KernelRegression::weigh(const Design& design) {
  std::vector<std::size_t> rows_of_size(units_ + 1, 0);
  std::vector<std::set<std::vector<std::uint8_t>>> sets(units_ + 1);
  for (std::size_t row = 0; row < design.rows(); ++row) {
    const std::size_t size = hidden_count(design.row(row));
    if (size == 0 || size == units_) continue;
    used_.push_back(row);
    ++rows_of_size[size];
    sets[size].emplace(design.row(row).begin(), design.row(row).end());
  }
  std::vector<std::uint8_t> full(units_ + 1, 0);
  double drawn_weight = 0;
  std::size_t drawn_rows = 0;
  for (std::size_t size = 1; size < units_; ++size) {
    const double count = choose(units_, size);
    full[size] = static_cast<double>(rows_of_size[size]) == count &&
                 static_cast<double>(sets[size].size()) == count;
    if (full[size]) continue;
    drawn_weight += weight_of_size(units_, size);
    drawn_rows += rows_of_size[size];
  }
  for (const std::size_t row : used_) {
    const std::size_t size = hidden_count(design.row(row));
    weights_.push_back(full[size] ? weight_of_size(units_, size) / choose(units_, size)
                                  : drawn_weight / static_cast<double>(drawn_rows));
    groups_.push_back(full[size] ? kFixed : 0);
  }
}

// A row and its complement after it were drawn together.
void KernelRegression::group(const Design& design) {
  for (std::size_t i = 0; i < used_.size(); ++i) {
    if (groups_[i] == kFixed) continue;
    groups_[i] = group_count_++;
    if (i + 1 == used_.size() || groups_[i + 1] == kFixed) continue;
    if (!are_complements(design.row(used_[i]), design.row(used_[i + 1]))) continue;
    groups_[i + 1] = groups_[i];
    ++i;
  }
}

// The last unit's score is what the others leave of the sum: its column is taken from theirs.
Table KernelRegression::without_last(const Design& design) const {
  Table x{units_ - 1};
  for (const std::size_t row : used_) {
    const auto hidden = design.row(row);
    const int last = hidden[units_ - 1] ? 0 : 1;
    for (std::size_t i = 0; i + 1 < units_; ++i) x.numbers.push_back((hidden[i] ? 0 : 1) - last);
  }
  return x;
}

KernelFit KernelRegression::fit(std::span<const double> values, double whole,
                                double nothing) const {
  const double change = whole - nothing;
  std::vector<double> y;
  for (std::size_t i = 0; i < used_.size(); ++i) {
    y.push_back(values[used_[i]] - nothing - last_[i] * change);
  }
  KernelFit result;
  result.scores = model_.coefficients(y);
  result.errors.assign(units_, 0.0);
  if (group_count_ > 0) result.errors = errors(model_.influences(y, result.scores));
  const double sum = std::accumulate(result.scores.begin(), result.scores.end(), 0.0);
  result.scores.push_back(change - sum);
  return result;
}

// Only what was drawn varies, about the mean of all that was drawn: what it pulls the fit to is
// held in balance by the sizes that are there in full.
std::vector<double> KernelRegression::errors(const Table& influences) const {
  if (group_count_ < 2) {
    return std::vector<double>(units_, std::numeric_limits<double>::infinity());
  }
  std::vector<double> moved(group_count_ * units_, 0.0), mean(units_, 0.0);
  for (std::size_t i = 0; i < used_.size(); ++i) {
    if (groups_[i] == kFixed) continue;
    for (std::size_t c = 0; c + 1 < units_; ++c) {
      const double by = influences.numbers[i * (units_ - 1) + c];
      moved[groups_[i] * units_ + c] += by;
      moved[groups_[i] * units_ + units_ - 1] -= by;
    }
  }
  const auto groups = static_cast<double>(group_count_);
  for (std::size_t i = 0; i < moved.size(); ++i) mean[i % units_] += moved[i] / groups;
  std::vector<double> squares(units_, 0.0);
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const double off = moved[i] - mean[i % units_];
    squares[i % units_] += off * off;
  }
  for (double& square : squares) square = std::sqrt(square * groups / (groups - 1));
  return squares;
}

}  // namespace ascribo
