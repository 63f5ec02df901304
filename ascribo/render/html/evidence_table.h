// SPDX-License-Identifier: MIT
// The evidence under an explanation: sums of every target, and how all of it came about.
#pragma once

#include <string>

#include "ascribo/explain/explanation.h"

namespace ascribo {

/// Score, baseline, change and sums of every target, from scores as they were given.
std::string sums_table(const Explanation& given);

/// Method, baseline, model, cost, notes.
std::string facts(const Explanation& shown);

}  // namespace ascribo
