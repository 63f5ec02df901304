// SPDX-License-Identifier: MIT
// Another program that answers line by line.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ascribo {

/// A running program whose input and output are lines of ours. It ends when this does, and does not
/// get the signals of our terminal. Not safe for concurrent use.
class ChildProcess {
 public:
  /// The program is looked for in PATH; its standard error is ours. Nothing when it is not there.
  static std::unique_ptr<ChildProcess> start(const std::vector<std::string>& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Sends a line and waits for one. Nothing when the program ended instead, or took longer than
  /// `seconds`: then it is stopped.
  std::optional<std::string> ask(std::string_view line, double seconds);

 private:
  struct State;
  explicit ChildProcess(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ascribo
