// SPDX-License-Identifier: MIT
// Parallel loops: every index once, exceptions carried out, nesting.
#include "ascribo/base/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

class ThreadsTest : public testing::Test {
 protected:
  ~ThreadsTest() override { set_threads(0); }
};

TEST_F(ThreadsTest, VisitsEveryIndexOnce) {
  for (const int threads : {1, 2, 7}) {
    set_threads(threads);
    EXPECT_EQ(thread_count(), threads);
    for (const std::int64_t count : {0, 1, 2, 5, 1000}) {
      std::vector<int> visits(static_cast<std::size_t>(count));
      parallel_for(count, [&](std::int64_t i) { ++visits[static_cast<std::size_t>(i)]; });
      EXPECT_EQ(visits, std::vector<int>(static_cast<std::size_t>(count), 1));
    }
  }
}

TEST_F(ThreadsTest, HoldsForOtherThreadsToo) {
  set_threads(3);
  int seen = 0;
  std::thread([&] { seen = thread_count(); }).join();
  EXPECT_EQ(seen, 3);
}

TEST_F(ThreadsTest, NestedLoopsRunInPlace) {
  set_threads(4);
  std::atomic<int> sum = 0;
  parallel_for(8, [&](std::int64_t) { parallel_for(10, [&](std::int64_t) { ++sum; }); });
  EXPECT_EQ(sum, 80);
}

TEST_F(ThreadsTest, ThrowsTheFirstIndexsException) {
  for (const int threads : {1, 4}) {
    set_threads(threads);
    try {
      parallel_for(400, [&](std::int64_t i) {
        if (i % 100 == 50) throw std::runtime_error(std::to_string(i));
      });
      FAIL() << "no exception";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "50");
    }
  }
}

TEST_F(ThreadsTest, RefusesImpossibleCounts) {
  for (const std::int64_t count : {std::int64_t{-1}, std::int64_t{1025}, std::int64_t{1} << 40}) {
    try {
      set_threads(count);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kInvalidArgument);
      EXPECT_EQ(error.what(),
                "[threads] " + std::to_string(count) + " threads; expected 1 to 1024.");
    }
  }
}

}  // namespace
}  // namespace ascribo
