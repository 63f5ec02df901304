// SPDX-License-Identifier: MIT
// Explains many inputs, a handful at a time.
#pragma once

#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/subject.h"

namespace ascribo {

/// See Subject::explain.
void explain_stream(const Parts& parts, const Subject::Stream& stream, const Request& request);

/// See Subject::plan.
Plan plan_stream(const Parts& parts, const Subject::Stream& stream, const Request& request);

}  // namespace ascribo
