// SPDX-License-Identifier: MIT
// Metrics that look at nothing but how large scores are.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ascribo/metrics/metric.h"

namespace ascribo {

/// `value` of the magnitudes of each target's scores; NaN of a target that sees no unit is left
/// out. There are no options. `metric` is named in errors.
std::vector<Measure> measure_magnitudes(std::string_view metric, const OptionValues& given,
                                        std::span<const Judged> judged,
                                        double (*value)(std::vector<double> magnitudes));

}  // namespace ascribo
