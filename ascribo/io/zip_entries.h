// SPDX-License-Identifier: MIT
// The entries of a ZIP archive where they lie: nothing is copied, nothing unpacked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ascribo {

struct ZipEntry {
  std::string_view name;
  std::span<const std::byte> bytes;  ///< as stored
  bool stored = true;                ///< false: compressed or encrypted
};

/// What the central directory lists, in its order; ZIP64 as well. The views lie in `archive`.
/// Errors: kBadFile naming `where` and the entry, for what does not fit into the file.
std::vector<ZipEntry> read_zip_entries(std::span<const std::byte> archive,
                                       const std::string& where);

}  // namespace ascribo
