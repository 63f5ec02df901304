// SPDX-License-Identifier: MIT
// Whole text files as lines, such as vocab.txt.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ascribo {

/// The lines of a UTF-8 file without their ends (\n or \r\n); empty lines are kept, and a last
/// line end adds none. Errors: kNotFound, kIo, kBadFile naming the line that is not valid UTF-8.
std::vector<std::string> read_lines(const std::filesystem::path& path);

}  // namespace ascribo
