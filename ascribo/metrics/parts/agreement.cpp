// SPDX-License-Identifier: MIT
// Rank correlations. Kendall: (concordant - discordant) / sqrt((n0 - n1)(n0 - n2)), with n0 all
// pairs, n1 and n2 those tied in one list. (Kendall 1945; Spearman 1904.)
#include "ascribo/metrics/parts/agreement.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ascribo/base/assert.h"

namespace ascribo {
namespace {

int sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> found(values.size());
  for (std::size_t begin = 0, end; begin < order.size(); begin = end) {
    end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double mean = static_cast<double>(begin + end - 1) / 2;
    for (std::size_t i = begin; i < end; ++i) found[order[i]] = mean;
  }
  return found;
}

}  // namespace

double pearson(std::span<const double> a, std::span<const double> b) {
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double both = 0, own_a = 0, own_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += (a[i] - mean_a) * (b[i] - mean_b);
    own_a += (a[i] - mean_a) * (a[i] - mean_a);
    own_b += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return own_a > 0 && own_b > 0 ? both / std::sqrt(own_a * own_b) : 0;
}

double kendall(std::span<const double> a, std::span<const double> b) {
  ASCRIBO_ASSERT(a.size() == b.size());
  double agreement = 0, untied_a = 0, untied_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const int in_a = sign(a[i] - a[j]), in_b = sign(b[i] - b[j]);
      agreement += in_a * in_b;
      untied_a += in_a != 0;
      untied_b += in_b != 0;
    }
  }
  return untied_a > 0 && untied_b > 0 ? agreement / std::sqrt(untied_a * untied_b) : 0;
}

double spearman(std::span<const double> a, std::span<const double> b) {
  ASCRIBO_ASSERT(a.size() == b.size());
  return pearson(ranks(a), ranks(b));
}

double correlate(Correlation kind, std::span<const double> a, std::span<const double> b) {
  return kind == Correlation::kKendall ? kendall(a, b) : spearman(a, b);
}

}  // namespace ascribo
