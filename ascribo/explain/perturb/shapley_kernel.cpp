// SPDX-License-Identifier: MIT
// Fills sizes from the ends inwards, draws the rest in pairs, and eliminates the constraint.
#include "ascribo/explain/perturb/shapley_kernel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string>

#include "ascribo/explain/perturb/random_order.h"

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
  const std::vector<std::size_t> order = random_order(units, size, rng);
  std::vector<std::uint8_t> flags(units, 0);
  for (std::size_t i = 0; i < size; ++i) flags[order[i]] = 1;
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
  design.add_everything();
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
    : units_(design.units()),
      observations_(observe(design)),
      last_([&] {
        std::vector<std::uint8_t> last;
        for (std::size_t row = 0; row < design.rows(); ++row) {
          last.push_back(!design.row(row).back());
        }
        return last;
      }()),
      model_(without_last(design), weights(), std::vector<double>(units_ - 1, 0.0)) {}

std::vector<KernelRegression::Observation> KernelRegression::observe(const Design& design) {
  std::vector<std::size_t> sizes;
  std::vector<std::size_t> rows_of_size(units_ + 1, 0);
  std::vector<std::set<std::string>> sets(units_ + 1);
  for (std::size_t row = 0; row < design.rows(); ++row) {
    const std::size_t size = hidden_count(design.row(row));
    sizes.push_back(size);
    ++rows_of_size[size];
    sets[size].emplace(design.row(row).begin(), design.row(row).end());
  }
  std::vector<std::uint8_t> full(units_ + 1, 0);
  double drawn_weight = 0, drawn_rows = 0;
  for (std::size_t size = 1; size < units_; ++size) {
    const double count = choose(units_, size);
    full[size] = static_cast<double>(rows_of_size[size]) == count &&
                 static_cast<double>(sets[size].size()) == count;
    if (full[size]) continue;
    drawn_weight += weight_of_size(units_, size);
    drawn_rows += static_cast<double>(rows_of_size[size]);
  }
  std::vector<Observation> observations;
  for (std::size_t row = 0; row < design.rows(); ++row) {
    const std::size_t size = sizes[row];
    if (size == 0 || size == units_) continue;
    ++rows_;
    if (full[size]) {
      const double weight = weight_of_size(units_, size) / choose(units_, size);
      observations.push_back({row, kNone, weight, false});
      continue;
    }
    const double weight = drawn_weight / drawn_rows;
    observations.push_back({row, kNone, weight, true});
    if (row + 1 == design.rows() || !are_complements(design.row(row), design.row(row + 1))) {
      continue;
    }
    observations.back().partner = ++row;
    observations.back().weight *= 2;
    ++rows_;
  }
  return observations;
}

std::vector<double> KernelRegression::weights() const {
  std::vector<double> weights;
  for (const Observation& each : observations_) weights.push_back(each.weight);
  return weights;
}

// The last unit's score is what the others leave of the sum: its column is taken from theirs.
Table KernelRegression::without_last(const Design& design) const {
  Table x{units_ - 1};
  for (const Observation& each : observations_) {
    const auto hidden = design.row(each.row);
    for (std::size_t i = 0; i + 1 < units_; ++i) {
      x.numbers.push_back(hidden[units_ - 1] - hidden[i]);
    }
  }
  return x;
}

KernelFit KernelRegression::fit(std::span<const double> values, double whole,
                                double nothing) const {
  const double change = whole - nothing;
  const auto gain = [&](std::size_t row) {
    return values[row] - nothing - (last_[row] ? change : 0);
  };
  std::vector<double> y;
  for (const Observation& each : observations_) {
    y.push_back(each.partner == kNone ? gain(each.row) : (gain(each.row) - gain(each.partner)) / 2);
  }
  KernelFit result;
  result.scores = model_.coefficients(y);
  result.errors = errors(model_.influences(y, result.scores));
  const double sum = std::accumulate(result.scores.begin(), result.scores.end(), 0.0);
  result.scores.push_back(change - sum);
  return result;
}

// Only what was drawn varies, about the mean of all that was drawn: what it pulls the fit to is
// held in balance by the sizes that are there in full.
std::vector<double> KernelRegression::errors(const Table& influences) const {
  std::vector<double> mean(units_, 0.0), squares(units_, 0.0);
  std::vector<std::vector<double>> moved;
  for (std::size_t i = 0; i < observations_.size(); ++i) {
    if (!observations_[i].drawn) continue;
    const auto first =
        influences.numbers.begin() + static_cast<std::ptrdiff_t>(i * influences.columns);
    std::vector<double>& by =
        moved.emplace_back(first, first + static_cast<std::ptrdiff_t>(influences.columns));
    by.push_back(-std::accumulate(by.begin(), by.end(), 0.0));
  }
  if (moved.empty()) return squares;
  const auto count = static_cast<double>(moved.size());
  if (moved.size() < 2) {
    return std::vector<double>(units_, std::numeric_limits<double>::infinity());
  }
  for (const std::vector<double>& by : moved) {
    for (std::size_t i = 0; i < units_; ++i) mean[i] += by[i] / count;
  }
  for (const std::vector<double>& by : moved) {
    for (std::size_t i = 0; i < units_; ++i) squares[i] += (by[i] - mean[i]) * (by[i] - mean[i]);
  }
  for (double& square : squares) square = std::sqrt(square * count / (count - 1));
  return squares;
}

}  // namespace ascribo
