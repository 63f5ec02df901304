// SPDX-License-Identifier: MIT
// A subject whose weights another program holds in memory.
#pragma once

#include <filesystem>

#include "ascribo/explain/subject.h"
#include "ascribo/tensor/named_tensor.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {

/// As Subject::open, with weights from elsewhere than the folder, by the names under which they are
/// published; the folder holds the configuration and, if texts are to be read, the tokenizer.
/// Nothing is copied: their memory must stay as it is. Errors: as there, and kBadCheckpoint when
/// there are no weights or two have one name.
Subject open_in_memory(const std::filesystem::path& folder, const NamedTensors& weights,
                       const SubjectOptions& options = {});

}  // namespace ascribo
