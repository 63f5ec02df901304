// SPDX-License-Identifier: MIT
// Insertion: how fast the model's score comes when the units ranked highest come in first.
// (Petsiuk, Das, Saenko 2018.)
#include "ascribo/metrics/parts/area.h"

namespace ascribo {

const Metric& metric_insertion() {
  static const Metric metric = [] {
    Metric area = area_metric(true);
    area.summary = "How fast the model's score comes when the units ranked highest come in first.";
    area.formula =
        "mean over steps of the trapezoid of p(first k units shown, all others hidden), k = 0 to m";
    area.direction = Direction::kHigher;
    return area;
  }();
  return metric;
}

}  // namespace ascribo
