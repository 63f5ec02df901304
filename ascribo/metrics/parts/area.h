// SPDX-License-Identifier: MIT
// Insertion and deletion: the area under the model's score while units come in or go.
#pragma once

#include "ascribo/metrics/metric.h"

namespace ascribo {

/// All that the two have in common: everything but summary, formula and direction. `insert`: units
/// come into a text of which all are hidden; else they go from the whole text.
Metric area_metric(bool insert);

}  // namespace ascribo
