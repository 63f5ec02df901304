// SPDX-License-Identifier: MIT
// Text classifiers in the single file that Flair saves.
#pragma once

#include <filesystem>
#include <memory>

#include "ascribo/models/model.h"

namespace ascribo {

/// The transformer's architecture with the classifier's own decoder. Errors: those of
/// FlairClassifier::open and of the architecture.
std::unique_ptr<Model> open_flair(const std::filesystem::path& path, Dtype compute);

}  // namespace ascribo
