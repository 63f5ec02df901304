// SPDX-License-Identifier: MIT
// Tensors in safetensors files, mapped: one file, or the shards of a folder.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ascribo/tensor/tensor.h"

namespace ascribo {

class MappedFile;

/// A tensor as a file describes it. `bytes` lie in the mapping, at any alignment.
struct StoredTensor {
  std::string name;
  std::string dtype;  ///< as written: "F32", "BF16", "I64", ...
  Shape shape;
  std::span<const std::byte> bytes;
  std::size_t file = 0;  ///< index into Safetensors::files()
};

/// One file of the set; the views live as long as the Safetensors.
struct SafetensorsFile {
  std::filesystem::path path;
  std::string_view header;           ///< its JSON
  std::span<const std::byte> bytes;  ///< the whole file
};

/// The tensors of one file or of a sharded set. Everything in the headers is checked at open(), so
/// that each StoredTensor's bytes are there and as many as its shape says. Immutable; const methods
/// may be called concurrently.
class Safetensors {
 public:
  /// Opens a .safetensors file, or a folder with model.safetensors or
  /// model.safetensors.index.json and its shards. Errors: kNotFound; kBadFile naming file and
  /// tensor; kBadCheckpoint when shards and index do not fit together.
  static std::shared_ptr<const Safetensors> open(const std::filesystem::path& path);

  /// In the order of the data in the files, shards by name.
  const std::vector<StoredTensor>& tensors() const { return tensors_; }
  const StoredTensor* find(std::string_view name) const;  ///< nullptr when absent

  /// The tensor, borrowed from the mapping, which stays as long as the tensor does (copied when
  /// the file has it unaligned). Errors: kBadCheckpoint when absent; kUnsupported unless its type
  /// is F32, F64, F16 or BF16.
  Tensor load(std::string_view name) const;

  const std::vector<SafetensorsFile>& files() const { return files_; }

 private:
  Safetensors() = default;
  void add_file(const std::filesystem::path& path);
  void add_shards(const std::filesystem::path& index);
  void index_names();

  std::vector<StoredTensor> tensors_;
  std::vector<SafetensorsFile> files_;
  std::vector<std::shared_ptr<const MappedFile>> mappings_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
};

}  // namespace ascribo
