// SPDX-License-Identifier: MIT
// Where in the model attributions are taken, by the names that users write.
#pragma once

#include <string_view>

#include "ascribo/models/model.h"

namespace ascribo {

/// Reads word_embeddings, embeddings or layer:N (the input of layer N; N = number of layers: the
/// last hidden state). Errors: kUnknownName, and kInvalidArgument for a layer that is not there.
TapPoint parse_at(std::string_view text, const ModelInfo& model);

}  // namespace ascribo
