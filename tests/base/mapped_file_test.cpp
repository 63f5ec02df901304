// SPDX-License-Identifier: MIT
// Mapped files: lifetime, empty ones, and paths that are no files.
#include "ascribo/base/mapped_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

class MappedFileTest : public testing::Test {
 protected:
  MappedFileTest() {
    folder_ = fs::temp_directory_path() / ("ascribo_mapped_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  ~MappedFileTest() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  static void expect_error(const fs::path& path, Code code, const std::string& message) {
    try {
      MappedFile::open(path);
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
      EXPECT_EQ(error.what(), "[" + path.string() + "] " + message);
    }
  }

  fs::path folder_;
};

TEST_F(MappedFileTest, ShowsTheBytesAsLongAsItLives) {
  const fs::path path = write("a.bin", std::string("one\0two", 7));
  auto file = MappedFile::open(path);
  EXPECT_EQ(file->path(), path);
  EXPECT_EQ(file->bytes().size(), 7U);
  const std::shared_ptr<const void> owner = file;
  const std::string_view text = file->text();
  file.reset();
  fs::remove(path);
  EXPECT_EQ(text, std::string_view("one\0two", 7));
}

TEST_F(MappedFileTest, EmptyFilesAreFine) {
  EXPECT_TRUE(MappedFile::open(write("empty", ""))->bytes().empty());
}

TEST_F(MappedFileTest, RefusesWhatIsNoFile) {
  expect_error(folder_ / "missing", Code::kNotFound,
               "there is no such file; expected a file to read.");
  expect_error(write("plain", "x") / "below", Code::kNotFound,
               "there is no such file; expected a file to read.");
  expect_error(folder_, Code::kIo, "this is a folder; expected a file to read.");
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  expect_error(pipe, Code::kIo, "this is no regular file; expected a file to read.");
}

TEST_F(MappedFileTest, SaysWhyAFileCannotBeRead) {
  const fs::path loop = folder_ / "loop";
  fs::create_symlink(loop, loop);
  expect_error(loop, Code::kIo,
               "cannot be read: Too many levels of symbolic links; expected a readable file.");
}

}  // namespace
}  // namespace ascribo
