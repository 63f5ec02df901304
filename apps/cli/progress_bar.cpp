// SPDX-License-Identifier: MIT
// Draws the progress bar.
#include "progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "terminal.h"

namespace ascribo::cli {
namespace {

constexpr double kFirstShownAfter = 0.5;  // seconds
constexpr double kDrawnEvery = 0.1;
constexpr int kMaxBar = 30;
constexpr std::string_view kClearLine = "\r\x1b[K";

void write_error(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

std::string clock_time(double seconds) {
  const long whole = std::lround(seconds);
  char text[32];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  }
  return text;
}

std::string rate(double per_second) {
  char text[32];
  std::snprintf(text, sizeof text, per_second < 10 ? "%.1f/s" : "%.0f/s", per_second);
  return text;
}

}  // namespace

std::string progress_line(std::int64_t done, std::int64_t total, double seconds,
                          const std::string& items, int width) {
  std::string right = std::to_string(done);
  if (total >= 0) right += "/" + std::to_string(total);
  right += " " + items;
  const double speed = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  if (done > 0) right += ", " + rate(speed);
  if (done > 0 && total >= done) {
    right += ", " + clock_time(static_cast<double>(total - done) / speed) + " left";
  }
  std::string line;
  if (total > 0) {
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    char percent[16];
    std::snprintf(percent, sizeof percent, "%3.0f %% ", std::floor(part * 100));
    line = percent;
    const int room = width - static_cast<int>(line.size() + right.size()) - 5;
    if (room >= 5) {
      const int bar = std::min(room, kMaxBar);
      const int filled = static_cast<int>(part * bar);
      line += "[" + std::string(static_cast<std::size_t>(filled), '#') +
              std::string(static_cast<std::size_t>(bar - filled), '-') + "]  ";
    }
  }
  line += right;
  return line.substr(0, static_cast<std::size_t>(std::max(width - 1, 1)));
}

ProgressBar::ProgressBar(std::string items)
    : items_(std::move(items)),
      terminal_(is_terminal(STDERR_FILENO)),
      started_(Clock::now()),
      drawn_(started_) {}

ProgressBar::~ProgressBar() { hide(); }

void ProgressBar::update(std::int64_t done, std::int64_t total) {
  if (!terminal_) return;
  const Clock::time_point now = Clock::now();
  const double elapsed = std::chrono::duration<double>(now - started_).count();
  const double since_drawn = std::chrono::duration<double>(now - drawn_).count();
  if (elapsed < kFirstShownAfter || (shown_ && since_drawn < kDrawnEvery)) return;
  drawn_ = now;
  shown_ = true;
  write_error(std::string(kClearLine) +
              progress_line(done, total, elapsed, items_, terminal_width(STDERR_FILENO)));
}

void ProgressBar::hide() {
  if (!shown_) return;
  write_error(kClearLine);
  shown_ = false;
}

}  // namespace ascribo::cli
