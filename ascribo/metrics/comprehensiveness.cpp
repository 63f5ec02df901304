// SPDX-License-Identifier: MIT
// Comprehensiveness: what the score loses without the units ranked highest. parts/erasure.cpp has
// the three definitions.
#include "ascribo/metrics/parts/erasure.h"

namespace ascribo {

const Metric& metric_comprehensiveness() {
  static const Metric metric = [] {
    Metric erasure = erasure_metric(false);
    erasure.summary = "What the score loses without the units ranked highest.";
    erasure.formula =
        "mean over bins k of p(text) - p(text without its first k units); alti divides by bins + 1 "
        "and makes p monotone";
    erasure.direction = Direction::kHigher;
    return erasure;
  }();
  return metric;
}

}  // namespace ascribo
