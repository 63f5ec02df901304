// SPDX-License-Identifier: MIT
// Reducing dimensions and aggregating tokens, in double and in a fixed order.
#include "ascribo/explain/aggregate.h"

#include <algorithm>
#include <cmath>

#include "ascribo/base/assert.h"

namespace ascribo {

double reduce(Reduce how, std::span<const double> dimensions) {
  ASCRIBO_ASSERT(!dimensions.empty());
  const auto count = static_cast<double>(dimensions.size());
  double sum = 0, magnitudes = 0, squares = 0;
  for (double value : dimensions) {
    sum += value;
    magnitudes += std::abs(value);
    squares += value * value;
  }
  switch (how) {
    case Reduce::kSum: return sum;
    case Reduce::kMean: return sum / count;
    case Reduce::kL2: return std::sqrt(squares);
    case Reduce::kL1: return magnitudes;
    case Reduce::kMeanAbs: return magnitudes / count;
    case Reduce::kMax: return *std::max_element(dimensions.begin(), dimensions.end());
  }
  return 0;
}

bool is_unsigned(Reduce how) {
  return how == Reduce::kL2 || how == Reduce::kL1 || how == Reduce::kMeanAbs;
}

double aggregate(Aggregate how, std::span<const double> token_scores,
                 std::span<const std::int64_t> tokens) {
  ASCRIBO_ASSERT(!tokens.empty());
  const auto score = [&](std::int64_t token) {
    return token_scores[static_cast<std::size_t>(token)];
  };
  double result = score(tokens.front());
  if (how == Aggregate::kFirst) return result;
  if (how == Aggregate::kLast) return score(tokens.back());
  for (std::int64_t token : tokens.subspan(1)) {
    const double value = score(token);
    switch (how) {
      case Aggregate::kMax: result = std::max(result, value); break;
      case Aggregate::kMin: result = std::min(result, value); break;
      case Aggregate::kSignedMax:
        result = std::abs(value) > std::abs(result) ? value : result;
        break;
      default: result += value;
    }
  }
  return how == Aggregate::kMean ? result / static_cast<double>(tokens.size()) : result;
}

}  // namespace ascribo
