// SPDX-License-Identifier: MIT
// Maps files with mmap.
#include "ascribo/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "ascribo/base/error.h"

namespace ascribo {

namespace {

[[noreturn]] void fail_errno(const std::filesystem::path& path, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    fail(Code::kNotFound, path.string(), "there is no such file", "expected a file to read");
  }
  fail(Code::kIo, path.string(), "cannot be read: " + std::generic_category().message(error),
       "expected a readable file");
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path) {
  // Without O_NONBLOCK a pipe would wait here for a writer.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number < 0) fail_errno(path, errno);
  struct stat status {};
  if (::fstat(file.number, &status) != 0) fail_errno(path, errno);
  if (!S_ISREG(status.st_mode)) {
    fail(Code::kIo, path.string(),
         S_ISDIR(status.st_mode) ? "this is a folder" : "this is no regular file",
         "expected a file to read");
  }
  std::shared_ptr<MappedFile> result(new MappedFile(path));
  if (status.st_size == 0) return result;  // mmap refuses a length of 0
  const auto size = static_cast<std::size_t>(status.st_size);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (data == MAP_FAILED) fail_errno(path, errno);
  result->data_ = static_cast<const std::byte*>(data);
  result->size_ = size;
  return result;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace ascribo
