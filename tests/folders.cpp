// SPDX-License-Identifier: MIT
// Says where the build found the tests.
#include "tests/folders.h"

namespace ascribo::test {

std::filesystem::path source_folder() { return ASCRIBO_SOURCE_DIR; }

std::filesystem::path test_folder() { return source_folder() / "tests"; }

}  // namespace ascribo::test
