// SPDX-License-Identifier: MIT
// Arrays in one file, as NumPy's load() reads them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "ascribo/io/output_file.h"

namespace ascribo {

/// Writes an .npz archive array by array, uncompressed, of any size (ZIP64 where needed). The file
/// is there after commit() and not before. The same arrays give the same bytes. Errors: those of
/// OutputFile. Not safe for concurrent use.
class NpzFile {
 public:
  explicit NpzFile(const std::filesystem::path& path);

  /// A float32 array in row-major order, as many values as the shape has. Names are unique.
  void add(const std::string& name, const std::vector<std::int64_t>& shape,
           std::span<const float> values);
  void commit();

 private:
  struct Entry {
    std::string name;
    std::uint32_t checksum = 0;
    std::uint64_t size = 0, at = 0;
  };

  void write(const std::string& bytes);

  OutputFile file_;
  std::vector<Entry> entries_;
  std::uint64_t written_ = 0;
};

}  // namespace ascribo
