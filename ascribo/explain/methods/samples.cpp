// SPDX-License-Identifier: MIT
// With n samples in g groups of m_j, theta of all and theta_j of all but group j, and h_j = n /
// m_j:
//   pseudo_j = h_j theta - (h_j - 1) theta_j,   mean = sum_j pseudo_j / h_j,
//   standard error^2 = 1/g sum_j (pseudo_j - mean)^2 / (h_j - 1).
#include "ascribo/explain/methods/samples.h"

#include <algorithm>
#include <cmath>

#include "ascribo/base/assert.h"

namespace ascribo {

Samples::Samples(Statistic statistic, std::int64_t count, std::size_t entries)
    : statistic_(statistic), entries_(entries) {
  groups_.resize(static_cast<std::size_t>(std::min(count, kMostGroups)));
  for (Group& group : groups_) {
    group.sums.assign(entries, 0.0);
    if (statistic != Statistic::kMean) group.squares.assign(entries, 0.0);
  }
}

void Samples::add(std::int64_t sample, std::span<const double> values) {
  ASCRIBO_ASSERT(values.size() == entries_);
  Group& group = groups_[static_cast<std::size_t>(sample) % groups_.size()];
  ++group.count;
  for (std::size_t i = 0; i < entries_; ++i) group.sums[i] += values[i];
  for (std::size_t i = 0; i < group.squares.size(); ++i) group.squares[i] += values[i] * values[i];
}

Samples::Group Samples::total() const {
  Group all{0, std::vector<double>(entries_, 0.0), {}};
  if (statistic_ != Statistic::kMean) all.squares.assign(entries_, 0.0);
  for (const Group& group : groups_) {
    all.count += group.count;
    for (std::size_t i = 0; i < entries_; ++i) all.sums[i] += group.sums[i];
    for (std::size_t i = 0; i < all.squares.size(); ++i) all.squares[i] += group.squares[i];
  }
  return all;
}

std::vector<double> Samples::statistic_of(const Group& all, const Group* without) const {
  const auto count = static_cast<double>(all.count - (without != nullptr ? without->count : 0));
  const auto left = [&](const std::vector<double> Group::*sums, std::size_t i) {
    return (all.*sums)[i] - (without != nullptr ? (without->*sums)[i] : 0.0);
  };
  std::vector<double> values(entries_);
  for (std::size_t i = 0; i < entries_; ++i) {
    const double mean = left(&Group::sums, i) / count;
    switch (statistic_) {
      case Statistic::kMean: values[i] = mean; break;
      case Statistic::kMeanSquare: values[i] = left(&Group::squares, i) / count; break;
      case Statistic::kVariance:
        values[i] = std::max(0.0, left(&Group::squares, i) - count * mean * mean) / (count - 1);
        break;
    }
  }
  return values;
}

std::vector<double> Samples::value() const { return statistic_of(total(), nullptr); }

std::vector<double> Samples::unit_scores(const Task& task, std::span<const double> values,
                                         Reduce reduce, Aggregate aggregate) const {
  const std::size_t tokens = task.sequence.ids.size();
  const std::size_t width = entries_ / tokens;
  std::vector<double> token_scores, scores;
  for (std::size_t i = 0; i < tokens; ++i) {
    token_scores.push_back(width == 1 ? values[i]
                                      : ascribo::reduce(reduce, values.subspan(i * width, width)));
  }
  for (const UnitInfo& unit : task.result.units) {
    scores.push_back(ascribo::aggregate(aggregate, token_scores, unit.tokens));
  }
  return scores;
}

void Samples::report(Task& task, std::size_t target, Reduce reduce, Aggregate aggregate) const {
  const Group all = total();
  const std::vector<double> values = statistic_of(all, nullptr);
  if (entries_ == task.sequence.ids.size()) {
    set_scores(task, target, values, aggregate);
  } else {
    set_values(task, target, values, reduce, aggregate);
  }
  const std::int64_t least = statistic_ == Statistic::kVariance ? 2 : 1;
  for (const Group& group : groups_) {
    if (all.count - group.count < least) return;  // nothing is left to compare with
  }
  const std::vector<double> theta = unit_scores(task, values, reduce, aggregate);
  std::vector<std::vector<double>> pseudo;
  std::vector<double> mean(theta.size(), 0.0), variance(theta.size(), 0.0);
  const auto ratio = [&](const Group& group) {
    return static_cast<double>(all.count) / static_cast<double>(group.count);
  };
  for (const Group& group : groups_) {
    pseudo.push_back(unit_scores(task, statistic_of(all, &group), reduce, aggregate));
    const double h = ratio(group);
    for (std::size_t u = 0; u < theta.size(); ++u) {
      pseudo.back()[u] = h * theta[u] - (h - 1) * pseudo.back()[u];
      mean[u] += pseudo.back()[u] / h;
    }
  }
  for (std::size_t j = 0; j < groups_.size(); ++j) {
    const double weight = 1 / ((ratio(groups_[j]) - 1) * static_cast<double>(groups_.size()));
    for (std::size_t u = 0; u < theta.size(); ++u) {
      variance[u] += weight * (pseudo[j][u] - mean[u]) * (pseudo[j][u] - mean[u]);
    }
  }
  std::vector<float>& errors = task.result.attributions[target].standard_error.emplace();
  for (const double square : variance) errors.push_back(static_cast<float>(std::sqrt(square)));
}

}  // namespace ascribo
