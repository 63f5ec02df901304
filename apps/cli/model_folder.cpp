// SPDX-License-Identifier: MIT
// Finds the checkpoint folder a user means.
#include "model_folder.h"

namespace ascribo::cli {
namespace {

namespace fs = std::filesystem;

/// The folder of that name beside the default model; empty when there is none.
fs::path shipped_model(const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos) return {};
  try {
    const fs::path folder = default_model().parent_path() / name;
    return fs::is_directory(folder) ? folder : fs::path();
  } catch (const Error&) {
    return {};  // no models are shipped here; the folder asked for is reported as missing
  }
}

}  // namespace

Flag model_flag() {
  return value_flag("model", "DIR",
                    "checkpoint folder as published on a model hub, or the name of a model that "
                    "ships with Ascribo",
                    "sst2-minilm, a small sentiment model");
}

fs::path model_folder(const Arguments& arguments) {
  const auto given = arguments.get("model");
  if (!given) return default_model();
  if (fs::exists(*given)) return *given;
  const fs::path shipped = shipped_model(*given);
  return shipped.empty() ? fs::path(*given) : shipped;
}

}  // namespace ascribo::cli
