// SPDX-License-Identifier: MIT
// Where the tests find their files. A function and not a macro on the command line, so that
// compiling a test gives the same object wherever the clone is, and a compiler cache serves all.
#pragma once

#include <filesystem>

namespace ascribo::test {

std::filesystem::path source_folder();  ///< the clone
std::filesystem::path test_folder();    ///< its tests/

}  // namespace ascribo::test
