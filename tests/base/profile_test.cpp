// SPDX-License-Identifier: MIT
// What scopes count, by name, without what is inside them.
#include "ascribo/base/profile.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace ascribo {
namespace {

void rest(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

const ProfileEntry& find(const std::vector<ProfileEntry>& entries, const std::string& name) {
  for (const ProfileEntry& entry : entries) {
    if (entry.name == name) return entry;
  }
  throw std::out_of_range(name);
}

TEST(Profile, CountsNothingUntilItIsStarted) {
  { const ProfileScope scope("ops", "before"); }
  start_profile();
  EXPECT_TRUE(stop_profile().empty());
  { const ProfileScope scope("ops", "after"); }
  EXPECT_TRUE(stop_profile().empty());
}

TEST(Profile, AScopeDoesNotCountWhatIsInside) {
  start_profile();
  {
    const ProfileScope outer("explain", "outer");
    rest(5);
    for (int i = 0; i < 2; ++i) {
      const ProfileScope inner("ops", "inner", 100, 8);
      rest(20);
    }
  }
  const std::vector<ProfileEntry> entries = stop_profile();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].name, "inner");
  EXPECT_EQ(entries[0].room, "ops");
  EXPECT_EQ(entries[0].calls, 2);
  EXPECT_EQ(entries[0].operations, 200);
  EXPECT_EQ(entries[0].bytes, 16);
  EXPECT_GE(entries[0].seconds, 0.040);
  EXPECT_GE(entries[1].seconds, 0.005);
  EXPECT_LT(entries[1].seconds, entries[0].seconds);
}

TEST(Profile, ThreadsAddUp) {
  start_profile();
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([] {
      const ProfileScope scope("ops", "shared");
      rest(10);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::vector<ProfileEntry> entries = stop_profile();
  EXPECT_EQ(find(entries, "shared").calls, 3);
  EXPECT_GE(find(entries, "shared").seconds, 0.030);
}

TEST(Profile, StartingAgainBeginsFromZero) {
  start_profile();
  { const ProfileScope scope("ops", "old"); }
  start_profile();
  { const ProfileScope scope("ops", "new"); }
  const std::vector<ProfileEntry> entries = stop_profile();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].name, "new");
}

}  // namespace
}  // namespace ascribo
