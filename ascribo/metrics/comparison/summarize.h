// SPDX-License-Identifier: MIT
// From the records of texts to a comparison: means, errors, intervals, and which differences are
// more than chance.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ascribo/metrics/comparison/record.h"

namespace ascribo {

/// Mean of `values` and its standard error (0 for one value); with a 95 % bootstrap interval, whose
/// draws depend on the seed and the number of values alone, so that they are paired.
ComparisonCell summarize_values(const std::vector<double>& values, std::uint64_t seed);

/// The p of a paired test: how often random signs give the differences a mean as far from 0.
double sign_flip_p(const std::vector<double>& differences, std::uint64_t seed);

/// Fills in rows, differences and examples; `comparison` comes with its columns and seed. Records
/// may be in any order; what comes out depends on their numbers alone.
void summarize(std::vector<TextRecord> records, const std::vector<std::string>& methods,
               Comparison& comparison);

}  // namespace ascribo
