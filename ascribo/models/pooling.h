// SPDX-License-Identifier: MIT
// How a sentence-transformers folder makes one vector of a text.
#pragma once

#include <filesystem>

#include "ascribo/models/heads.h"

namespace ascribo {

/// What 1_Pooling/config.json in the folder says; the mean where there is none. Errors:
/// kUnsupported for other poolings than those of Pooling.
Pooling read_pooling(const std::filesystem::path& folder);

}  // namespace ascribo
