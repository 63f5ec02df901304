// SPDX-License-Identifier: MIT
// Deletion: how fast the model's score goes when the units ranked highest go first.
// (Petsiuk, Das, Saenko 2018.)
#include "ascribo/metrics/parts/area.h"

namespace ascribo {

const Metric& metric_deletion() {
  static const Metric metric = [] {
    Metric area = area_metric(false);
    area.summary = "How fast the model's score goes when the units ranked highest go first.";
    area.formula =
        "mean over steps of the trapezoid of p(first k units hidden, all others shown), k = 0 to m";
    area.direction = Direction::kLower;
    return area;
  }();
  return metric;
}

}  // namespace ascribo
