// SPDX-License-Identifier: MIT
// Jobs side by side: deliveries in order, one at a time, and nothing after a failure.
#include "ascribo/base/in_order.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "ascribo/base/threads.h"

namespace ascribo {
namespace {

// Runs `count` jobs, every third of them slow; returns what was delivered. `fail_at` throws in the
// part that is named.
enum class Part { kNone, kNext, kJob, kDelivery };

std::vector<int> run(int threads, int count, Part part = Part::kNone, int fail_at = -1) {
  std::vector<int> delivered;
  std::atomic<bool> in_turn = false;
  int asked = 0;
  const auto fail = [&](Part here, int number) {
    if (here == part && number == fail_at) throw std::runtime_error(std::to_string(number));
  };
  const auto alone = [&](auto&& function) {
    EXPECT_FALSE(in_turn.exchange(true));
    function();
    in_turn = false;
  };
  try {
    run_in_order(threads, [&]() -> Job {
      Job job;
      alone([&] {
        EXPECT_LE(asked - static_cast<int>(delivered.size()), 2 * threads);
        if (asked == count) return;
        const int number = asked++;
        in_turn = false;
        fail(Part::kNext, number);
        in_turn = true;
        job = [&, number]() -> Delivery {
          if (number % 3 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
          fail(Part::kJob, number);
          return [&, number] {
            fail(Part::kDelivery, number);
            alone([&] { delivered.push_back(number); });
          };
        };
      });
      return job;
    });
    EXPECT_EQ(part, Part::kNone);
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), std::to_string(fail_at));
  }
  return delivered;
}

std::vector<int> up_to(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

TEST(InOrder, DeliversInOrderOneAtATime) {
  for (const int threads : {1, 2, 5}) {
    for (const int count : {0, 1, 2, 40}) EXPECT_EQ(run(threads, count), up_to(count));
  }
}

TEST(InOrder, DeliversWhatCameBeforeAFailureAndNothingAfter) {
  for (const int threads : {1, 2, 5}) {
    for (const Part part : {Part::kNext, Part::kJob, Part::kDelivery}) {
      for (const int at : {0, 7, 8}) EXPECT_EQ(run(threads, 40, part, at), up_to(at));
    }
  }
}

TEST(InOrder, RunsJobsSideBySide) {
  // Each of two jobs waits for the other to have begun.
  std::atomic<int> begun = 0;
  int asked = 0;
  run_in_order(2, [&]() -> Job {
    if (asked++ == 2) return {};
    return [&]() -> Delivery {
      ++begun;
      while (begun < 2) std::this_thread::yield();
      EXPECT_EQ(free_threads(), 1);
      return {};
    };
  });
  EXPECT_EQ(begun, 2);
}

}  // namespace
}  // namespace ascribo
