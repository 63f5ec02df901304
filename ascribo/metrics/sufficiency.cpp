// SPDX-License-Identifier: MIT
// Sufficiency: what the score loses when nothing but the units ranked highest is left.
// parts/erasure.cpp has the three definitions.
#include "ascribo/metrics/parts/erasure.h"

namespace ascribo {

const Metric& metric_sufficiency() {
  static const Metric metric = [] {
    Metric erasure = erasure_metric(true);
    erasure.summary = "What the score loses when nothing but the units ranked highest is left.";
    erasure.formula =
        "mean over bins k of p(text) - p(first k units alone); alti divides by bins + 1 and makes "
        "p "
        "monotone";
    erasure.direction = Direction::kLower;
    return erasure;
  }();
  return metric;
}

}  // namespace ascribo
