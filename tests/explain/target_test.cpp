// SPDX-License-Identifier: MIT
// Target forms: what they mean and how wrong ones are refused.
#include "ascribo/explain/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/explain/errors.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> kLabels = {"negative", "neutral", "positive"};

std::vector<Target> resolve(const std::vector<std::string>& texts,
                            const std::optional<std::string>& versus, std::int64_t predicted,
                            std::vector<std::string>& notes) {
  std::vector<TargetForm> forms;
  for (const std::string& text : texts) forms.push_back(parse_target(text, kLabels));
  std::optional<TargetForm> other;
  if (versus) other = parse_versus(*versus, kLabels);
  return resolve_targets(forms, other, predicted, kLabels, notes);
}

TEST(Target, FormsResolveInTheOrderAskedFor) {
  std::vector<std::string> notes;
  EXPECT_THAT(resolve({"positive", "predicted", "#0"}, {}, 1, notes),
              ElementsAre(Target{2, {}}, Target{1, {}}, Target{0, {}}));
  EXPECT_THAT(resolve({"all"}, {}, 1, notes),
              ElementsAre(Target{0, {}}, Target{1, {}}, Target{2, {}}));
  EXPECT_THAT(notes, IsEmpty());
}

TEST(Target, ATargetAskedForTwiceIsGivenOnceAndSaid) {
  std::vector<std::string> notes;
  EXPECT_THAT(resolve({"predicted", "positive"}, {}, 2, notes), ElementsAre(Target{2, {}}));
  EXPECT_THAT(notes, ElementsAre("target \"positive\" was asked for more than once; it is given "
                                 "once"));
}

TEST(Target, VersusMakesDifferences) {
  std::vector<std::string> notes;
  EXPECT_THAT(resolve({"positive"}, "predicted", 0, notes), ElementsAre(Target{2, 0}));
  EXPECT_THAT(notes, IsEmpty());
  EXPECT_THAT(resolve({"all"}, "neutral", 0, notes), ElementsAre(Target{0, 1}, Target{2, 1}));
  EXPECT_THAT(notes, ElementsAre("all targets but \"neutral\", which they are compared with"));
}

TEST(Target, VersusItselfIsRefused) {
  std::vector<std::string> notes;
  EXPECT_EQ(error_of(Code::kInvalidArgument, [&] { resolve({"predicted"}, "neutral", 1, notes); }),
            "[versus] target and versus are both \"neutral\"; expected two different labels. "
            "Hint: name the target with --target");
  EXPECT_EQ(error_of(Code::kInvalidArgument, [&] { resolve({"neutral"}, "all", 1, notes); }),
            "[versus] \"all\" was given; expected one label to compare with. Hint: give "
            "predicted, a label or #INDEX");
}

TEST(Target, UnknownLabelsNameTheNearest) {
  EXPECT_EQ(error_of(Code::kUnknownName, [] { parse_target("postive", kLabels); }),
            "[target] \"postive\" is not a label of this model; expected predicted, all, #INDEX, "
            "negative, neutral or positive. Hint: did you mean \"positive\"?");
}

TEST(Target, IndicesOutOfRangeAreRefused) {
  for (const char* text : {"#3", "#-1", "#", "#1x"}) {
    EXPECT_EQ(error_of(Code::kInvalidArgument, [&] { parse_target(text, kLabels); }),
              "[target] \"" + std::string(text) +
                  "\" is not an output of this model; expected #0 to #2.");
  }
}

TEST(Target, FormsOfOtherHeadsNameTheHead) {
  EXPECT_THAT(error_of(Code::kUnsupported, [] { parse_target("start:3", kLabels); }),
              testing::StartsWith("[target] \"start:3\" is a target of a question answering head, "
                                  "but this model classifies whole texts; expected predicted"));
  for (const char* text : {"end:1", "span:1-2", "token:3=PER", "mask=good"}) {
    error_of(Code::kUnsupported, [&] { parse_target(text, kLabels); });
  }
}

TEST(Target, ALabelThatLooksLikeAnotherFormIsALabel) {
  const std::vector<std::string> labels = {"mask=on", "#7"};
  EXPECT_EQ(parse_target("mask=on", labels).index, 0);
  EXPECT_EQ(parse_target("#7", labels).index, 1);
}

}  // namespace
}  // namespace ascribo
