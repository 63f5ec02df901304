// SPDX-License-Identifier: MIT
// Reads lines with getline.
#include "ascribo/io/line_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/mapped_file.h"

namespace ascribo {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::uintmax_t kQuickToCount = std::uintmax_t{256} << 20;

[[noreturn]] void fail_errno(const std::string& name, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    fail(Code::kNotFound, "dataset", "there is no file " + name, "expected a file to read");
  }
  if (error == EINTR) fail(Code::kCancelled, "dataset", "reading " + name + " was interrupted", {});
  fail(Code::kIo, "dataset", name + " cannot be read: " + std::generic_category().message(error),
       "expected a readable file");
}

}  // namespace

LineReader::LineReader(const fs::path& path) : name_(path.string()) {
  if (path == "-") {
    name_ = "standard input";
    file_ = stdin;
    return;
  }
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    fail(Code::kIo, "dataset", name_ + " is a folder", "expected a file to read");
  }
  file_ = std::fopen(path.c_str(), "rbe");
  if (file_ == nullptr) fail_errno(name_, errno);
}

LineReader::~LineReader() {
  if (file_ != nullptr && file_ != stdin) std::fclose(file_);
  std::free(buffer_);
}

LineReader::LineReader(LineReader&& other) noexcept
    : name_(std::move(other.name_)),
      file_(std::exchange(other.file_, nullptr)),
      buffer_(std::exchange(other.buffer_, nullptr)),
      capacity_(other.capacity_),
      raw_(other.raw_),
      number_(other.number_),
      repeat_(other.repeat_) {}

bool LineReader::next() {
  if (std::exchange(repeat_, false)) return true;
  errno = 0;
  const ssize_t length = ::getline(&buffer_, &capacity_, file_);
  if (length < 0) {
    raw_ = {};
    if (std::ferror(file_) != 0) {
      const int error = errno;
      std::clearerr(file_);
      fail_errno(name_, error);
    }
    return false;
  }
  raw_ = {buffer_, static_cast<std::size_t>(length)};
  if (++number_ == 1 && raw_.starts_with(kByteOrderMark)) raw_.remove_prefix(kByteOrderMark.size());
  return true;
}

std::string_view LineReader::line() const {
  std::string_view line = raw_;
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::int64_t count_lines(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > kQuickToCount) return -1;
  const auto file = MappedFile::open(path);
  std::int64_t lines = 0;
  for (std::string_view rest = file->text(); !rest.empty();) {
    const std::size_t length = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, length);
    lines += line.empty() || line == "\r" ? 0 : 1;
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  return lines;
}

}  // namespace ascribo
