// SPDX-License-Identifier: MIT
// What architectures promise holds on lesser processors too: the suite again, with oneDNN held
// back.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/stored_tensors.h"

namespace ascribo::test {
namespace {

// oneDNN reads the variable once per process, so this is another run of this very program.
TEST(OtherProcessors, ConformanceWithoutAvx512) {
  const TempFolder folder;
  const std::string program = std::filesystem::read_symlink("/proc/self/exe");
  const std::string output = (folder.path() / "output").string();
  const std::string command = "DNNL_MAX_CPU_ISA=AVX2 '" + program +
                              "' --gtest_brief=1 --gtest_filter='Architectures/*' >'" + output +
                              "' 2>&1";
  const int status = std::system(command.c_str());
  EXPECT_EQ(status, 0) << read_text(output);
  EXPECT_EQ(read_text(output).find("0 tests"), std::string::npos) << "the suite has another name";
}

}  // namespace
}  // namespace ascribo::test
