// SPDX-License-Identifier: MIT
// The tensors of a checkpoint, mapped, whichever format its files have.
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

/// A tensor as a file describes it. `bytes` lie in the mapping, at any alignment, from its first
/// element to its last.
struct StoredTensor {
  std::string name;
  std::string dtype;  ///< as safetensors writes it: "F32", "BF16", "I64", ...
  Shape shape;
  std::span<const std::byte> bytes;
  std::size_t file = 0;  ///< index into WeightFiles::files()
  Shape strides = {};    ///< elements from one entry to the next; empty when row-major
};

/// One file of the set; the views live as long as `mapping` does.
struct WeightFile {
  std::filesystem::path path;
  std::string_view header;           ///< the part that says which tensors there are, and where
  std::span<const std::byte> bytes;  ///< the whole file
  std::shared_ptr<const void> mapping;
};

/// What reading one file gives. `tensors` have the file's number 0.
struct WeightFileContents {
  WeightFile file;
  std::vector<StoredTensor> tensors;
};

/// The tensors of one file or of a sharded set. Everything that the files say about them is checked
/// when they are opened, so that each StoredTensor's bytes are there and as many as its shape says.
/// Immutable; const methods may be called concurrently.
class WeightFiles {
 public:
  /// Opens a file (.safetensors, or what torch.save wrote), or in a folder the first of:
  /// model.safetensors, model.safetensors.index.json with its shards, pytorch_model.bin,
  /// pytorch_model.bin.index.json with its shards. Errors: kNotFound; kBadFile naming file and
  /// tensor; kBadCheckpoint when shards and index do not fit together.
  static std::shared_ptr<const WeightFiles> open(const std::filesystem::path& path);

  /// The same from parts. Errors: kBadCheckpoint when two tensors have one name.
  explicit WeightFiles(std::vector<WeightFileContents> contents);

  /// In the order of the data (safetensors) or of the state dict (PyTorch), shards by name.
  const std::vector<StoredTensor>& tensors() const { return tensors_; }
  const StoredTensor* find(std::string_view name) const;  ///< nullptr when absent

  /// The tensor, borrowed from the mapping, which stays as long as the tensor does (copied when
  /// the file has it unaligned or not row by row). Errors: kBadCheckpoint when absent; kUnsupported
  /// unless its type is F32, F64, F16 or BF16.
  Tensor load(std::string_view name) const;

  const std::vector<WeightFile>& files() const { return files_; }

 private:
  std::vector<StoredTensor> tensors_;
  std::vector<WeightFile> files_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
};

}  // namespace ascribo
