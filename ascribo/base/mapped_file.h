// SPDX-License-Identifier: MIT
// A file's bytes, mapped read-only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace ascribo {

/// The bytes stay valid as long as any shared_ptr to the object lives. The file must not be cut
/// short meanwhile. Const methods may be called concurrently.
class MappedFile {
 public:
  /// Errors: kNotFound; kIo when it is no regular file or cannot be read.
  static std::shared_ptr<const MappedFile> open(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::span<const std::byte> bytes() const { return {data_, size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  explicit MappedFile(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ascribo
