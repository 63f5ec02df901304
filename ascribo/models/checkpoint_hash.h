// SPDX-License-Identifier: MIT
// What tells checkpoints apart.
#pragma once

#include <string>
#include <string_view>

#include "ascribo/io/weight_files.h"

namespace ascribo {

/// SHA-256 of the configuration, the weight files' headers, which hold every name, type and place,
/// and their sizes: the weights themselves are not read.
std::string quick_hash(std::string_view config, const WeightFiles& weights);

}  // namespace ascribo
