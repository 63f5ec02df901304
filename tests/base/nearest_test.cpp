// SPDX-License-Identifier: MIT
// Which name a mistyped one was meant to be.
#include "ascribo/base/nearest.h"

#include <gtest/gtest.h>

namespace ascribo {
namespace {

const std::vector<std::string> kNames = {"saliency", "occlusion", "integrated_gradients", "l1",
                                         "l2"};

TEST(Nearest, FindsTypingMistakes) {
  EXPECT_EQ(nearest("salency", kNames), "saliency");
  EXPECT_EQ(nearest("occlussion", kNames), "occlusion");
  EXPECT_EQ(nearest("integrated-gradients", kNames), "integrated_gradients");
  EXPECT_EQ(nearest("Integrated Gradients", kNames), "integrated_gradients");
  EXPECT_EQ(nearest("integratedgradient", kNames), "integrated_gradients");
  EXPECT_EQ(nearest("sailency", kNames), "saliency");
}

TEST(Nearest, FindsBeginnings) {
  EXPECT_EQ(nearest("integrated", kNames), "integrated_gradients");
  EXPECT_EQ(nearest("occ", kNames), "occlusion");
}

TEST(Nearest, SaysNothingWhenNothingIsClose) {
  EXPECT_EQ(nearest("shapley", kNames), std::nullopt);
  EXPECT_EQ(nearest("", kNames), std::nullopt);
  EXPECT_EQ(nearest("saliency", {}), std::nullopt);
  EXPECT_EQ(nearest(std::string(100000, 'a'), kNames), std::nullopt);
}

TEST(Nearest, OfEqualsTheFirst) { EXPECT_EQ(nearest("l3", kNames), "l1"); }

TEST(Nearest, MakesHintsAndLists) {
  EXPECT_EQ(nearest_hint("salency", kNames), "did you mean \"saliency\"?");
  EXPECT_EQ(nearest_hint("qqqqqq", kNames, "see the list"), "see the list");
  EXPECT_EQ(listed({}), "");
  EXPECT_EQ(listed({"a"}), "a");
  EXPECT_EQ(listed({"a", "b"}), "a and b");
  EXPECT_EQ(listed({"a", "b", "c"}, "or"), "a, b or c");
}

}  // namespace
}  // namespace ascribo
