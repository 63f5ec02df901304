// SPDX-License-Identifier: MIT
// What metrics say of one text, as a line of JSON.
#pragma once

#include <string>
#include <vector>

#include "ascribo/ascribo.h"

namespace ascribo::cli {

/// Text, method, and every metric's value for every ranking, with curves target by target.
std::string evaluation_line(const Evaluation& evaluation,
                            const std::vector<MetricRequest>& metrics);

}  // namespace ascribo::cli
