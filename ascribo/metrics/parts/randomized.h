// SPDX-License-Identifier: MIT
// A model that has learnt nothing: the same architecture with random weights.
#pragma once

#include <cstdint>
#include <memory>

#include "ascribo/models/model.h"

namespace ascribo {

/// The checkpoint that `model` was opened from, with every matrix and table of it (not biases and
/// norms) drawn from the normal distribution with that weight's own mean and deviation. The same
/// seed gives the same weights. Errors: kUnsupported for a model that was not opened from a folder.
std::unique_ptr<Model> open_randomized(const Model& model, std::uint64_t seed);

}  // namespace ascribo
