// SPDX-License-Identifier: MIT
// Reads arrays back from .npz archives.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ascribo {

/// The float32 array `entry` of an archive that NpzFile or NumPy's savez() wrote, in row-major
/// order. Errors: kNotFound; kBadFile for an entry that is not there, is compressed, holds other
/// numbers or another shape.
std::vector<float> read_npz(const std::filesystem::path& file, const std::string& entry,
                            const std::vector<std::int64_t>& shape);

}  // namespace ascribo
