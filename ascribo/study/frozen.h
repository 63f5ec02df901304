// SPDX-License-Identifier: MIT
// Which weights learn and which stay.
#pragma once

#include <string>
#include <vector>

#include "ascribo/models/training/trainable_model.h"

namespace ascribo {

/// All parameters but the frozen: "embeddings" names those before the first layer, "layer:N" those
/// of layer N, anything else the beginning of names. Errors: kUnknownName for what freezes nothing,
/// kInvalidArgument when nothing is left to learn.
std::vector<Parameter*> trained_parameters_of(TrainableModel& model,
                                              const std::vector<std::string>& frozen);

}  // namespace ascribo
