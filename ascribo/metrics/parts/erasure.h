// SPDX-License-Identifier: MIT
// Comprehensiveness and sufficiency, as three papers define them: what the score loses without the
// units ranked highest, and with nothing but them.
#pragma once

#include "ascribo/metrics/metric.h"

namespace ascribo {

/// All that the two have in common: everything but summary, formula and direction. `keep`:
/// sufficiency; else comprehensiveness.
Metric erasure_metric(bool keep);

}  // namespace ascribo
