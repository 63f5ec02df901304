// SPDX-License-Identifier: MIT
// Programs that answer, that end, that take too long and that are not there.
#include "ascribo/base/child_process.h"

#include <gtest/gtest.h>

namespace ascribo {
namespace {

constexpr double kLong = 20;

TEST(ChildProcess, AnswersLineByLine) {
  const auto cat = ChildProcess::start({"cat"});
  ASSERT_TRUE(cat);
  EXPECT_EQ(cat->ask("one", kLong), "one");
  EXPECT_EQ(cat->ask("", kLong), "");
  const std::string large(500000, 'x');          // more than a socket holds
  EXPECT_TRUE(cat->ask(large, kLong) == large);  // too large to be shown
}

TEST(ChildProcess, KeepsALineThatCameEarly) {
  const auto shell = ChildProcess::start({"sh", "-c", "read x; echo a; echo b; read x"});
  ASSERT_TRUE(shell);
  EXPECT_EQ(shell->ask("", kLong), "a");
  EXPECT_EQ(shell->ask("", kLong), "b");
}

TEST(ChildProcess, EndsWithoutAnAnswer) {
  const auto quiet = ChildProcess::start({"true"});
  ASSERT_TRUE(quiet);
  EXPECT_FALSE(quiet->ask("hello", kLong));
  EXPECT_FALSE(quiet->ask("again", kLong));
}

TEST(ChildProcess, IsStoppedWhenItTakesTooLong) {
  const auto slow = ChildProcess::start({"sleep", "30"});
  ASSERT_TRUE(slow);
  EXPECT_FALSE(slow->ask("hello", 0.05));
}

TEST(ChildProcess, IsNothingWhenTheProgramIsNotThere) {
  EXPECT_FALSE(ChildProcess::start({"ascribo-no-such-program"}));
}

}  // namespace
}  // namespace ascribo
