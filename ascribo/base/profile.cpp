// SPDX-License-Identifier: MIT
// Every thread keeps a stack of open scopes; what a scope took is added to one table when it ends.
#include "ascribo/base/profile.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <utility>

namespace ascribo {
namespace {

std::atomic<bool> is_on{false};
std::mutex mutex;

std::map<std::pair<std::string_view, std::string_view>, ProfileEntry>& table() {
  static auto& entries = *new std::map<std::pair<std::string_view, std::string_view>, ProfileEntry>;
  return entries;
}

thread_local ProfileScope* innermost = nullptr;

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void start_profile() {
  std::lock_guard lock(mutex);
  table().clear();
  is_on = true;
}

std::vector<ProfileEntry> stop_profile() {
  is_on = false;
  std::lock_guard lock(mutex);
  std::vector<ProfileEntry> entries;
  for (const auto& [key, entry] : table()) entries.push_back(entry);
  std::stable_sort(
      entries.begin(), entries.end(),
      [](const ProfileEntry& a, const ProfileEntry& b) { return a.seconds > b.seconds; });
  return entries;
}

ProfileScope::ProfileScope(const char* room, const char* name, double operations, double bytes) {
  if (!is_on.load(std::memory_order_relaxed)) return;
  room_ = room;
  name_ = name;
  operations_ = operations;
  bytes_ = bytes;
  outer_ = innermost;
  innermost = this;
  begin_ = now();
}

ProfileScope::~ProfileScope() {
  if (room_ == nullptr) return;
  const std::int64_t took = now() - begin_;
  innermost = outer_;
  if (outer_ != nullptr) outer_->inside_ += took;
  std::lock_guard lock(mutex);
  if (!is_on) return;
  ProfileEntry& entry = table()[{room_, name_}];
  if (entry.calls++ == 0) {
    entry.room = room_;
    entry.name = name_;
  }
  entry.seconds += static_cast<double>(took - inside_) * 1e-9;
  entry.operations += operations_;
  entry.bytes += bytes_;
}

}  // namespace ascribo
