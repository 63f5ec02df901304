// SPDX-License-Identifier: MIT
// What torch.save wrote, mapped: a pickle, and the storages that its tensors look into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ascribo/io/pickle.h"
#include "ascribo/io/weight_files.h"

namespace ascribo {

class MappedFile;

/// A file of torch.save: the ZIP archive that PyTorch writes since 1.6, or the older sequence of
/// pickles with the storages behind them. Immutable; const methods may be called concurrently.
class TorchFile {
 public:
  /// Errors: kNotFound; kBadFile; kUnsupported for compressed archives, other byte orders,
  /// TorchScript, and the tar files of PyTorch before 0.2.
  static std::shared_ptr<const TorchFile> open(const std::filesystem::path& path);

  /// Whether a file begins as torch.save's files do.
  static bool begins(std::span<const std::byte> bytes);
  static bool begins(const std::filesystem::path& path);  ///< false unless it is a regular file

  const PickleValue& root() const { return *root_; }
  /// Path, mapping, and as header the pickle.
  WeightFile file() const;

  static bool is_tensor(const PickleValue& value);
  /// The tensor that a value describes; its bytes are there. Errors: kBadFile and kUnsupported
  /// naming `name`.
  StoredTensor tensor(const PickleValue& value, std::string_view name) const;

 private:
  TorchFile() = default;
  void read_archive();
  void read_sequence();
  std::span<const std::byte> storage(const PickleValue& id, std::string_view name,
                                     std::string& dtype, std::uint64_t& element) const;

  std::filesystem::path path_;
  std::shared_ptr<const MappedFile> mapping_;
  std::string_view header_;
  std::optional<PickleValue> root_;
  std::unordered_map<std::string, std::span<const std::byte>> storages_;  ///< by key
};

/// The tensors of a state dict: the file's root, or the root's "state_dict". Names are as in it.
/// Errors: those of TorchFile; kBadFile saying what the file holds instead.
WeightFileContents read_torch_weights(const TorchFile& file);
/// Opens the file first.
WeightFileContents read_torch_weights(const std::filesystem::path& path);

}  // namespace ascribo
