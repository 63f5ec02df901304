// SPDX-License-Identifier: MIT
// Counts, and correlations in double precision.
#include "ascribo/study/answer_scores.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ascribo {
namespace {

double f1_of(Labels right, Labels given, std::int64_t label) {
  double hits = 0, found = 0, there = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    hits += right[i] == label && given[i] == label ? 1 : 0;
    found += given[i] == label ? 1 : 0;
    there += right[i] == label ? 1 : 0;
  }
  return found + there == 0 ? 0 : 2 * hits / (found + there);
}

std::vector<double> ranks(Numbers values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> found(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
    for (std::size_t i = first; i <= last; ++i) {
      found[order[i]] = 0.5 * static_cast<double>(first + last);
    }
    first = last + 1;
  }
  return found;
}

}  // namespace

double accuracy(Labels right, Labels given) {
  double hits = 0;
  for (std::size_t i = 0; i < right.size(); ++i) hits += right[i] == given[i] ? 1 : 0;
  return right.empty() ? 0 : hits / static_cast<double>(right.size());
}

double f1(Labels right, Labels given, std::int64_t labels) {
  if (labels <= 2) return f1_of(right, given, 1);
  double sum = 0;
  for (std::int64_t label = 0; label < labels; ++label) sum += f1_of(right, given, label);
  return sum / static_cast<double>(labels);
}

double matthews(Labels right, Labels given, std::int64_t labels) {
  std::vector<double> there(static_cast<std::size_t>(labels)), found(there.size());
  double hits = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    hits += right[i] == given[i] ? 1 : 0;
    ++there[static_cast<std::size_t>(right[i])];
    ++found[static_cast<std::size_t>(given[i])];
  }
  const auto count = static_cast<double>(right.size());
  double both = 0, there_squares = 0, found_squares = 0;
  for (std::size_t label = 0; label < there.size(); ++label) {
    both += there[label] * found[label];
    there_squares += there[label] * there[label];
    found_squares += found[label] * found[label];
  }
  const double width = (count * count - there_squares) * (count * count - found_squares);
  return width <= 0 ? 0 : (count * hits - both) / std::sqrt(width);
}

double pearson(Numbers right, Numbers given) {
  const auto count = static_cast<double>(right.size());
  const double right_mean = std::accumulate(right.begin(), right.end(), 0.0) / count;
  const double given_mean = std::accumulate(given.begin(), given.end(), 0.0) / count;
  double both = 0, right_squares = 0, given_squares = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    const double a = right[i] - right_mean, b = given[i] - given_mean;
    both += a * b;
    right_squares += a * a;
    given_squares += b * b;
  }
  const double width = right_squares * given_squares;
  return width > 0 ? both / std::sqrt(width) : 0;
}

double spearman(Numbers right, Numbers given) { return pearson(ranks(right), ranks(given)); }

}  // namespace ascribo
