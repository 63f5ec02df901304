// SPDX-License-Identifier: MIT
// From one number per dimension to one per token, and from tokens to units.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"

namespace ascribo {

/// How the dimensions of a token's embedding become one number.
enum class Reduce { kSum, kMean, kL2, kL1, kMeanAbs, kMax };

template <>
struct EnumNames<Reduce> {
  static constexpr std::array<std::string_view, 6> kNames = {"sum", "mean",     "l2",
                                                             "l1",  "mean_abs", "max"};
};

/// How the tokens of a unit become one number. kSignedMax is the one of largest magnitude, with
/// its sign.
enum class Aggregate { kSum, kMean, kMax, kMin, kSignedMax, kFirst, kLast };

template <>
struct EnumNames<Aggregate> {
  static constexpr std::array<std::string_view, 7> kNames = {"sum",        "mean",  "max", "min",
                                                             "signed_max", "first", "last"};
};

double reduce(Reduce how, std::span<const double> dimensions);
/// True when the sign of what was reduced is lost.
bool is_unsigned(Reduce how);

/// The number of the tokens whose indices are given, at least one.
double aggregate(Aggregate how, std::span<const double> token_scores,
                 std::span<const std::int64_t> tokens);

}  // namespace ascribo
