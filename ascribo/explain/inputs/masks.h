// SPDX-License-Identifier: MIT
// Masks that come with a text, and masks that are to be kept.
#pragma once

#include "ascribo/explain/method.h"
#include "ascribo/explain/settings.h"
#include "ascribo/explain/subject.h"
#include "ascribo/explain/task.h"

namespace ascribo {

/// Puts the input's masks into the task. Errors: kInvalidArgument for a mask that is not one
/// character 0 or 1 per unit; kUnsupported for a method that does not work on masks, and for texts
/// in windows.
void take_masks(const Input& input, const Settings& settings, const Method& method, Task& task);

}  // namespace ascribo
