// SPDX-License-Identifier: MIT
// A file that grows line by line, so that long work can go on where it stopped.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ascribo {

/// Every line is handed to the system as soon as it is added. Not safe for concurrent use.
class JournalFile {
 public:
  /// The whole lines of a journal; one that was cut off while it was written is none. Errors:
  /// kNotFound, kIo.
  static std::vector<std::string> read(const std::filesystem::path& path);

  /// Begins a new file. Errors: kInvalidArgument when there is one already; kIo.
  static JournalFile begin(const std::filesystem::path& path);
  /// Goes on behind the last whole line. Errors: kNotFound, kIo.
  static JournalFile go_on(const std::filesystem::path& path);
  JournalFile(JournalFile&&) noexcept;
  ~JournalFile();

  /// Errors: kIo.
  void add(std::string_view line);

 private:
  struct State;
  explicit JournalFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ascribo
