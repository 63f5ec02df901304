// SPDX-License-Identifier: MIT
// Whether a checkpoint's model is meant to be told which side of a pair a token is on.
#pragma once

#include <filesystem>

namespace ascribo {

/// What tokenizer_config.json says: whether model_input_names has token_type_ids or, where it
/// names none, whether the class of tokenizer gives them. The class that transformers 5 writes for
/// any tokenizer.json, TokenizersBackend, does not; others do where the model has token types.
/// True when there is no such file.
bool uses_type_ids(const std::filesystem::path& folder);

}  // namespace ascribo
