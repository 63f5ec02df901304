// SPDX-License-Identifier: MIT
// What fine-tuning may be told, by name and as text, for doors that take options as they come.
#pragma once

#include <string>
#include <vector>

#include "ascribo/base/options.h"
#include "ascribo/study/glue_tasks.h"

namespace ascribo {

/// Everything but files and columns, with its help: learn, labels, max_tokens, overwrite, resume,
/// epochs, max_steps, batch, learning_rate, ...
std::vector<OptionInfo> training_options();

/// A request with what `values` name; its files and columns are still missing. Errors: kUnknownName
/// with the nearest name, kInvalidArgument.
FineTuning read_training(const OptionValues& values);

}  // namespace ascribo
