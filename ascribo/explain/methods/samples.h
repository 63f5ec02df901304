// SPDX-License-Identifier: MIT
// Statistics of sampled attributions, with standard errors of the scores they end in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ascribo/explain/aggregate.h"
#include "ascribo/explain/task.h"

namespace ascribo {

enum class Statistic {
  kMean,
  kMeanSquare,
  kVariance,  ///< unbiased: divided by the number of samples less one
};

/// Samples of one attribution, one number per token or per dimension, added up in groups: memory
/// does not grow with the number of samples.
///
/// Standard errors come from the jackknife over groups (Busing, Meijer, van der Leeden 1999:
/// Delete-m Jackknife for Unequal m), because what is reported may be no mean of samples: a norm,
/// a variance, the largest of several tokens. For a mean of sums, with as many groups as samples,
/// it is the standard error of the mean, to the last digits.
class Samples {
 public:
  static constexpr std::int64_t kMostGroups = 20;

  /// `count` samples are expected, of `entries` numbers each.
  Samples(Statistic statistic, std::int64_t count, std::size_t entries);

  void add(std::int64_t sample, std::span<const double> values);
  /// The statistic of every entry.
  std::vector<double> value() const;
  /// Fills in scores, special and standard_error of one target. Errors: those of set_scores.
  void report(Task& task, std::size_t target, Reduce reduce, Aggregate aggregate) const;

 private:
  struct Group {
    std::int64_t count = 0;
    std::vector<double> sums, squares;
  };

  std::vector<double> statistic_of(const Group& all, const Group* without) const;
  std::vector<double> unit_scores(const Task& task, std::span<const double> values, Reduce reduce,
                                  Aggregate aggregate) const;
  Group total() const;

  Statistic statistic_;
  std::size_t entries_;
  std::vector<Group> groups_;
};

}  // namespace ascribo
