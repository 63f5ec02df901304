// SPDX-License-Identifier: MIT
// Prints the profile as a table.
#include "profile_flag.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>

#include "ascribo/ascribo.h"

namespace ascribo::cli {
namespace {

// A number with a few digits, or nothing where there is none.
std::string cell(double value, int digits) {
  if (value <= 0) return "";
  std::ostringstream text;
  text << std::fixed << std::setprecision(digits) << value;
  return text.str();
}

std::string profile_text(const std::vector<ProfileEntry>& entries) {
  double all = 0;
  for (const ProfileEntry& entry : entries) all += entry.seconds;
  std::ostringstream text;
  const auto row = [&](const std::string& room, const std::string& name, const std::string& calls,
                       const std::string& seconds, const std::string& share,
                       const std::string& speed, const std::string& bytes) {
    text << std::left << std::setw(9) << room << std::setw(30) << name << std::right << std::setw(9)
         << calls << std::setw(10) << seconds << std::setw(8) << share << std::setw(10) << speed
         << std::setw(9) << bytes << "\n";
  };
  row("room", "operation", "calls", "seconds", "share", "GFLOP/s", "GB");
  for (const ProfileEntry& entry : entries) {
    const double speed = entry.seconds > 0 ? entry.operations / entry.seconds * 1e-9 : 0;
    row(entry.room, entry.name, std::to_string(entry.calls), cell(entry.seconds, 4),
        cell(100 * entry.seconds / std::max(all, 1e-12), 1) + " %", cell(speed, 1),
        cell(entry.bytes * 1e-9, 3));
  }
  text << "seconds are those of the threads that call, without operations inside\n";
  return text.str();
}

}  // namespace

Flag profile_flag() {
  return switch_flag("profile", "say on standard error where time went, by room and operation");
}

Profiling::Profiling(const Arguments& arguments) : on_(arguments.on("profile")) {
  if (on_) start_profile();
}

Profiling::~Profiling() {
  if (on_) std::cerr << profile_text(stop_profile());
}

}  // namespace ascribo::cli
