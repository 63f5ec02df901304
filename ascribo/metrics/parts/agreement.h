// SPDX-License-Identifier: MIT
// How far two lists of numbers agree.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"

namespace ascribo {

enum class Correlation { kKendall, kSpearman };

template <>
struct EnumNames<Correlation> {
  static constexpr std::array<std::string_view, 2> kNames = {"kendall", "spearman"};
};

/// Kendall's tau-b, which corrects for ties; 0 when all numbers of a list are equal: a list without
/// order agrees with nothing.
double kendall(std::span<const double> a, std::span<const double> b);

/// Pearson's linear correlation; 0 as above.
double pearson(std::span<const double> a, std::span<const double> b);

/// Pearson's correlation of ranks, ties having their mean; 0 as above.
double spearman(std::span<const double> a, std::span<const double> b);

double correlate(Correlation kind, std::span<const double> a, std::span<const double> b);

}  // namespace ascribo
