// SPDX-License-Identifier: MIT
// Reads model_input_names and tokenizer_class.
#include "ascribo/explain/inputs/type_ids.h"

#include "ascribo/io/config.h"

namespace ascribo {

bool uses_type_ids(const std::filesystem::path& folder) {
  const std::optional<Json> config = find_config(folder, "tokenizer_config.json");
  if (!config) return true;
  if (const auto names = config->find("model_input_names")) {
    bool found = false;
    names->elements([&](const Json& name) { found |= name.string() == "token_type_ids"; });
    return found;
  }
  return config->string_or("tokenizer_class", "") != "TokenizersBackend";
}

}  // namespace ascribo
