// SPDX-License-Identifier: MIT
// Where a run's time goes: scopes that add up by name while profiling is on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ascribo {

/// What all scopes of one name took together.
struct ProfileEntry {
  std::string room, name;
  std::int64_t calls = 0;
  double seconds = 0;     ///< of all threads, without scopes inside; threads that help are not seen
  double operations = 0;  ///< floating-point, where the scope tells
  double bytes = 0;       ///< read and written at the least, where the scope tells
};

/// Begins to count, from zero.
void start_profile();
/// Stops, and gives what was counted: longest first. Scopes that are still open are left out.
std::vector<ProfileEntry> stop_profile();

/// From its construction to its end. Costs next to nothing while profiling is off. `room` and
/// `name` must be literals.
class ProfileScope {
 public:
  ProfileScope(const char* room, const char* name, double operations = 0, double bytes = 0);
  ~ProfileScope();
  ProfileScope(const ProfileScope&) = delete;
  ProfileScope& operator=(const ProfileScope&) = delete;

 private:
  const char* room_ = nullptr;  // null: nobody counts
  const char* name_ = nullptr;
  double operations_ = 0, bytes_ = 0;
  std::int64_t begin_ = 0, inside_ = 0;  // nanoseconds
  ProfileScope* outer_ = nullptr;
};

}  // namespace ascribo
