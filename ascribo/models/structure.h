// SPDX-License-Identifier: MIT
// The blocks of a model, for methods that follow vectors through them.
#pragma once

#include "ascribo/models/model.h"
#include "ascribo/models/transformer.h"

namespace ascribo {

/// The layers and head of a model that is a stack of attention layers, whatever its architecture;
/// null for any other. Lives as long as the model.
const TransformerParts* find_structure(const Model& model);

}  // namespace ascribo
