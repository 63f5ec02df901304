// SPDX-License-Identifier: MIT
// Finds the checkpoint folder a user means.
#include "model_folder.h"

namespace ascribo::cli {

Flag model_flag() {
  return value_flag("model", "DIR",
                    "checkpoint folder as published on a model hub, a text classifier saved by "
                    "Flair (best-model.pt), or the name of a model that ships with Ascribo",
                    "sst2-minilm, a small sentiment model");
}

Flag tokenizer_flag() {
  return value_flag("tokenizer", "DIR", "folder with the tokenizer's files",
                    "those that the model comes with");
}

std::filesystem::path tokenizer_folder(const Arguments& arguments) {
  const auto given = arguments.get("tokenizer");
  return given ? find_model(*given) : model_folder(arguments);
}

std::filesystem::path model_folder(const Arguments& arguments) {
  const auto given = arguments.get("model");
  return given ? find_model(*given) : default_model();
}

}  // namespace ascribo::cli
