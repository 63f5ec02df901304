// SPDX-License-Identifier: MIT
// Finds the models that ship with the project, from wherever the program runs.
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/explain/subject.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

constexpr char kDefaultModel[] = "sst2-minilm";

// Folders that may hold models by name, best first.
std::vector<fs::path> model_folders() {
  std::vector<fs::path> folders;
  if (const char* variable = std::getenv("ASCRIBO_MODELS")) folders.emplace_back(variable);
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return folders;
  fs::path folder = program.parent_path();
  folders.push_back(folder.parent_path() / "share" / "ascribo" / "models");
  for (; folder != folder.parent_path(); folder = folder.parent_path()) {
    folders.push_back(folder / "models");
  }
  return folders;
}

bool is_model(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / "config.json", error);
}

// Names of models in the folders, for the hint.
std::vector<std::string> model_names(const std::vector<fs::path>& folders) {
  std::vector<std::string> names;
  for (const fs::path& folder : folders) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      if (is_model(entry.path())) names.push_back(entry.path().filename().string());
    }
  }
  return names;
}

fs::path find_shipped(const std::string& name) {
  const std::vector<fs::path> folders = model_folders();
  std::vector<std::string> looked;
  for (const fs::path& folder : folders) {
    if (is_model(folder / name)) return folder / name;
    looked.push_back(folder.string());
  }
  fail(Code::kNotFound, "model",
       "there is no folder or model \"" + name + "\" in " + listed(looked, "or"),
       "expected a checkpoint folder or the name of a model that ships with Ascribo",
       nearest_hint(name, model_names(folders),
                    "the variable ASCRIBO_MODELS may name a folder that holds models"));
}

}  // namespace

fs::path find_model(const fs::path& name_or_folder) {
  std::error_code error;
  if (fs::is_directory(name_or_folder, error)) return name_or_folder;
  if (name_or_folder == name_or_folder.filename()) return find_shipped(name_or_folder.string());
  fail(Code::kNotFound, "model", "there is no folder \"" + name_or_folder.string() + "\"",
       "expected a checkpoint folder with config.json and weights");
}

fs::path default_model() { return find_shipped(kDefaultModel); }

}  // namespace ascribo
