// SPDX-License-Identifier: MIT
// The tasks of GLUE (Wang et al. 2019), in the files that they are published in.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ascribo/study/fine_tune.h"

namespace ascribo {

/// sst2, cola, mrpc, stsb, qqp, mnli, qnli, rte, wnli.
std::vector<std::string> glue_tasks();

/// Files of `folder` (train.tsv and the dev file), columns, what is learned and, unless the request
/// names one, what the best model is best at. Errors: kUnknownName with the nearest name.
void use_glue_task(const std::string& name, const std::filesystem::path& folder,
                   FineTuning& request);

}  // namespace ascribo
