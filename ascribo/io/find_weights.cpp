// SPDX-License-Identifier: MIT
// Finds the weight files of a folder: one file, or the shards that an index names.
#include <array>
#include <map>
#include <set>
#include <system_error>

#include "ascribo/base/error.h"
#include "ascribo/base/json.h"
#include "ascribo/io/config.h"
#include "ascribo/io/safetensors.h"
#include "ascribo/io/torch_file.h"
#include "ascribo/io/weight_files.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

/// A format's usual file, its index, and what reads one file of it.
struct Format {
  const char* file;
  const char* index;
  WeightFileContents (*read)(const fs::path& path);
};

constexpr std::array kFormats = {
    Format{"model.safetensors", "model.safetensors.index.json", read_safetensors},
    Format{"pytorch_model.bin", "pytorch_model.bin.index.json", read_torch_weights}};

/// The shards that an index names, each with its tensors' names.
std::map<std::string, std::vector<std::string>> read_index(const fs::path& index) {
  const Json json = read_config(index.parent_path(), index.filename().string());
  std::map<std::string, std::vector<std::string>> shards;
  json.at("weight_map").members([&](std::string_view name, const Json& file) {
    const std::string shard(file.string());
    if (shard.empty() || shard != fs::path(shard).filename() || shard == "..") {
      fail(Code::kBadFile, index.string(),
           "tensor \"" + std::string(name) + "\" is in " + file.dump(),
           "expected the name of a file in the same folder");
    }
    shards[shard].emplace_back(name);
  });
  if (shards.empty()) {
    fail(Code::kBadFile, index.string(), "\"weight_map\" is empty", "expected tensors");
  }
  return shards;
}

std::vector<WeightFileContents> read_shards(const fs::path& index, const Format& format) {
  std::vector<WeightFileContents> contents;
  for (const auto& [shard, names] : read_index(index)) {
    const fs::path path = index.parent_path() / shard;
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
      fail(Code::kBadCheckpoint, index.string(), "the shard \"" + shard + "\" is not there",
           "expected all shards beside the index", "the download may be incomplete");
    }
    contents.push_back(format.read(path));
    std::set<std::string_view> there;
    for (const StoredTensor& tensor : contents.back().tensors) there.insert(tensor.name);
    for (const std::string& name : names) {
      if (there.contains(name)) continue;
      std::string given = "tensor \"";
      given.append(name).append("\" is not in \"").append(shard).append("\"");
      fail(Code::kBadCheckpoint, index.string(), given, "expected it there, as the index says");
    }
  }
  return contents;
}

std::vector<WeightFileContents> read_folder(const fs::path& folder) {
  std::error_code ignored;
  for (const Format& format : kFormats) {
    if (fs::exists(folder / format.file, ignored)) return {format.read(folder / format.file)};
    if (fs::exists(folder / format.index, ignored)) {
      return read_shards(folder / format.index, format);
    }
  }
  std::string others;
  for (const Format& format : kFormats) {
    for (const std::string name : {format.file, format.index}) {
      others.append(others.empty() ? "" : ", ").append(name);
    }
  }
  fail(Code::kNotFound, folder.string(), "the folder has no weights", "expected one of " + others);
}

WeightFileContents read_file(const fs::path& path) {
  return TorchFile::begins(path) ? read_torch_weights(path) : read_safetensors(path);
}

}  // namespace

std::shared_ptr<const WeightFiles> WeightFiles::open(const fs::path& path) {
  std::error_code ignored;
  return std::make_shared<const WeightFiles>(
      fs::is_directory(path, ignored) ? read_folder(path)
                                      : std::vector<WeightFileContents>{read_file(path)});
}

}  // namespace ascribo
