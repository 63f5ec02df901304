// SPDX-License-Identifier: MIT
// Finds the checkpoint folder a user means.
#include "model_folder.h"

namespace ascribo::cli {

Flag model_flag() {
  return value_flag("model", "DIR",
                    "checkpoint folder as published on a model hub, or the name of a model that "
                    "ships with Ascribo",
                    "sst2-minilm, a small sentiment model");
}

std::filesystem::path model_folder(const Arguments& arguments) {
  const auto given = arguments.get("model");
  return given ? find_model(*given) : default_model();
}

}  // namespace ascribo::cli
