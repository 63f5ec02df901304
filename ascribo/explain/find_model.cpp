// SPDX-License-Identifier: MIT
// Finds models by name: those that ship with the project, from wherever the program runs, and those
// that were downloaded from the Hugging Face hub.
#include <cstdlib>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/explain/subject.h"
#include "ascribo/io/hub_cache.h"

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

std::optional<fs::path> find_shipped(const std::string& name) {
  for (const fs::path& folder : model_folders()) {
    if (is_model(folder / name)) return folder / name;
  }
  return {};
}

std::vector<std::string> strings(const std::vector<fs::path>& paths) {
  return {paths.begin(), paths.end()};
}

[[noreturn]] void fail_not_found(const std::string& name, const HubLookup& hub) {
  const std::string caches = listed(strings(hub.caches), "or");
  if (name.find('/') != std::string::npos) {
    fail(
        Code::kNotFound, "model",
        "there is no folder \"" + name + "\", and no such model in the Hugging Face cache " +
            caches,
        "expected a checkpoint folder with config.json and weights, or a model that was downloaded",
        "hf download " + name + " fetches it; HF_HOME may name another cache");
  }
  const std::vector<fs::path> folders = model_folders();
  fail(Code::kNotFound, "model",
       "there is no folder or model \"" + name + "\" in " + listed(strings(folders), "or") +
           ", nor in the Hugging Face cache " + caches,
       "expected a checkpoint folder or the name of a model that ships with Ascribo or was "
       "downloaded",
       nearest_hint(name, model_names(folders),
                    "the variable ASCRIBO_MODELS may name a folder that holds models"));
}

}  // namespace

fs::path find_model(const fs::path& name_or_folder) {
  std::error_code error;
  if (fs::exists(name_or_folder, error)) return name_or_folder;
  const std::string name = name_or_folder.string();
  if (name_or_folder == name_or_folder.filename()) {
    if (const auto shipped = find_shipped(name)) return *shipped;
  }
  if (!is_hub_name(name)) {
    fail(Code::kNotFound, "model", "there is no folder \"" + name + '"',
         "expected a checkpoint folder with config.json and weights");
  }
  const HubLookup hub = find_in_hub_cache(name);
  if (hub.folder) return *hub.folder;
  fail_not_found(name, hub);
}

fs::path default_model() {
  if (const auto shipped = find_shipped(kDefaultModel)) return *shipped;
  fail_not_found(kDefaultModel, find_in_hub_cache(kDefaultModel));
}

}  // namespace ascribo
