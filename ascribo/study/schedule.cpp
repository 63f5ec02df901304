// SPDX-License-Identifier: MIT
// Warm-up, then line, half cosine or nothing.
#include "ascribo/study/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ascribo {

double learning_rate_at(std::int64_t step, std::int64_t steps, const TrainingOptions& options) {
  const double warmup = options.warmup < 1 ? std::ceil(options.warmup * static_cast<double>(steps))
                                           : std::floor(options.warmup);
  const auto at = static_cast<double>(step);
  if (at < warmup) return options.learning_rate * at / warmup;
  const double share = (at - warmup) / std::max(1.0, static_cast<double>(steps) - warmup);
  switch (options.schedule) {
    case Schedule::kConstant: return options.learning_rate;
    case Schedule::kLinear: return options.learning_rate * std::max(0.0, 1 - share);
    case Schedule::kCosine:
      return options.learning_rate * std::max(0.0, 0.5 * (1 + std::cos(std::numbers::pi * share)));
  }
  return options.learning_rate;
}

}  // namespace ascribo
