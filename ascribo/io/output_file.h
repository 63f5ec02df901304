// SPDX-License-Identifier: MIT
// A file that is either complete or not there.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

namespace ascribo {

/// Writes to a temporary file beside `path` and renames it on commit(); without commit() nothing
/// is left behind, also when a write fails (disk full: Error kIo) or the process is told to stop
/// and unwinds. Not safe for concurrent use.
class OutputFile {
 public:
  explicit OutputFile(const std::filesystem::path& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::string_view text);
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ascribo
