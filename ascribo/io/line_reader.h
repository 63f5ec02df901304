// SPDX-License-Identifier: MIT
// Lines of a file or of standard input, with their numbers.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

namespace ascribo {

/// Holds one line at a time. A byte order mark at the beginning is skipped. Not safe for
/// concurrent use.
class LineReader {
 public:
  /// "-" is standard input. Errors: kNotFound, kIo.
  explicit LineReader(const std::filesystem::path& path);
  ~LineReader();
  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&&) = delete;

  /// Goes to the next line; false at the end. Errors: kIo; kCancelled when a signal interrupted.
  bool next();
  bool is_stdin() const { return file_ == stdin; }

  /// Makes next() stay at the current line once.
  void repeat() { repeat_ = true; }

  std::string_view line() const;                     ///< without its end, \n or \r\n
  std::string_view raw() const { return raw_; }      ///< with its end
  std::int64_t number() const { return number_; }    ///< 1-based
  const std::string& name() const { return name_; }  ///< of the file, for messages

 private:
  std::string name_;
  std::FILE* file_ = nullptr;
  char* buffer_ = nullptr;
  std::size_t capacity_ = 0;
  std::string_view raw_;
  std::int64_t number_ = 0;
  bool repeat_ = false;
};

/// Lines of a regular file that are not empty; -1 for other files and for very large ones.
std::int64_t count_lines(const std::filesystem::path& path);

}  // namespace ascribo
