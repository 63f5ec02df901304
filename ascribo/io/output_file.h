// SPDX-License-Identifier: MIT
// A file that is either complete or not there.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

namespace ascribo {

/// Writes to a temporary file beside `path` and renames it on commit(); without commit() nothing
/// is left behind, also when a write fails (disk full: Error kIo) or the process is told to stop
/// and unwinds. A device or a pipe is written to as it is, each piece at once. Errors: kNotFound
/// when the folder is not there; kIo with the system's reason. Not safe for concurrent use.
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

/// Removes the temporary files of every OutputFile not yet committed. For signal handlers that
/// then end the process: async-signal-safe. Knows the first 32 open at a time.
void remove_unfinished_files() noexcept;

}  // namespace ascribo
