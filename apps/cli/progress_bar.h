// SPDX-License-Identifier: MIT
// A progress bar on standard error, with an estimate of the time left.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace ascribo::cli {

/// Shows itself only in a terminal and only when the work takes longer than a moment. One line,
/// drawn anew in place. Not safe for concurrent use.
class ProgressBar {
 public:
  explicit ProgressBar(std::string items);  ///< what is counted, in the plural: "texts"
  ~ProgressBar();                           ///< clears the line
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// From here on the items are called so.
  void describe(std::string items) { items_ = std::move(items); }
  /// `total` is -1 when unknown.
  void update(std::int64_t done, std::int64_t total);
  /// Clears the line so that something else can be printed; the next update draws it again.
  void hide();

 private:
  using Clock = std::chrono::steady_clock;
  std::string items_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point started_, drawn_;
};

/// The line for `done` of `total` after `seconds`, at most `width` columns:
/// "  37 % [######----------]  321/872 texts, 12.3/s, 0:45 left".
std::string progress_line(std::int64_t done, std::int64_t total, double seconds,
                          const std::string& items, int width);

}  // namespace ascribo::cli
