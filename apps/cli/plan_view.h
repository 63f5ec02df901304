// SPDX-License-Identifier: MIT
// A plan as text for people and as JSON for programs.
#pragma once

#include <string>

#include "ascribo/ascribo.h"

namespace ascribo::cli {

/// A table for each text and one for all of them, what memory is needed, and what is an estimate.
std::string plan_text(const Plan& plan, int width);

/// One object, schema "ascribo.plan/1".
std::string plan_json(const Plan& plan);

}  // namespace ascribo::cli
