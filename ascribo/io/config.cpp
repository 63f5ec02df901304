// SPDX-License-Identifier: MIT
// Reads JSON files.
#include "ascribo/io/config.h"

#include <string>
#include <system_error>

#include "ascribo/base/error.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/io/flair_classifier.h"

namespace ascribo {

namespace fs = std::filesystem;

Json read_config(const fs::path& folder, std::string_view name) {
  std::error_code ignored;
  if (!fs::exists(folder, ignored)) {
    fail(Code::kNotFound, folder.string(), "there is no such folder",
         "expected a folder with " + std::string(name));
  }
  const fs::path path = folder / name;
  if (fs::is_directory(folder, ignored) && !fs::exists(path, ignored)) {
    fail(Code::kNotFound, folder.string(), "the folder has no " + std::string(name),
         "expected the files of a checkpoint");
  }
  return Json::parse(MappedFile::open(path)->text(), path.string());
}

std::optional<Json> find_config(const fs::path& folder, std::string_view name) {
  std::error_code ignored;
  if (TorchFile::begins(folder)) {
    const auto carried = find_carried_file(folder, name);
    if (!carried) return std::nullopt;
    return Json::parse(carried->text, (folder / name).string());
  }
  if (!fs::exists(folder / name, ignored)) return std::nullopt;
  return read_config(folder, name);
}

}  // namespace ascribo
