// SPDX-License-Identifier: MIT
// Targets of classifiers of whole texts: what their forms mean and how wrong ones are refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ascribo/explain/heads/head_reading.h"
#include "tests/explain/errors.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::IsEmpty;

struct Classifier {
  explicit Classifier(std::vector<std::string> names) : labels(std::move(names)) {
    info.outputs = static_cast<std::int64_t>(labels.size());
  }
  HeadContext context() const { return {info, labels, nullptr}; }
  std::vector<std::string> labels;
  ModelInfo info;
};
const Classifier kThree({"negative", "neutral", "positive"});

// Names of what targets come to when `predicted` has the largest logit: "positive - neutral".
std::vector<std::string> resolve(const std::vector<std::string>& texts,
                                 const std::optional<std::string>& versus, std::size_t predicted,
                                 std::vector<std::string>& notes) {
  const HeadContext context = kThree.context();
  TargetForms forms;
  for (const std::string& text : texts) forms.targets.push_back(parse_target(text, context));
  if (versus) forms.versus = parse_versus(*versus, context);
  std::vector<double> logits(3, 0.0);
  logits[predicted] = 1;
  const Explanation shown;
  std::vector<std::string> names;
  for (const Target& target :
       resolve_targets(forms, {.logits = logits, .shown = shown, .outputs = 3}, context, notes)) {
    EXPECT_EQ(target.name, kThree.labels[static_cast<std::size_t>(target.index)]);
    EXPECT_EQ(target.readout.plus, std::vector{(Cell{.index = target.index, .count = 3})});
    EXPECT_EQ(target.readout.minus.empty(), !target.versus);
    names.push_back(target.name + (target.versus ? " - " + *target.versus : ""));
  }
  return names;
}

TEST(Target, FormsResolveInTheOrderAskedFor) {
  std::vector<std::string> notes;
  EXPECT_THAT(resolve({"positive", "predicted", "#0"}, {}, 1, notes),
              ElementsAre("positive", "neutral", "negative"));
  EXPECT_THAT(resolve({"all"}, {}, 1, notes), ElementsAre("negative", "neutral", "positive"));
  EXPECT_THAT(notes, IsEmpty());
}

TEST(Target, ATargetAskedForTwiceIsGivenOnceAndSaid) {
  std::vector<std::string> notes;
  EXPECT_THAT(resolve({"predicted", "positive"}, {}, 2, notes), ElementsAre("positive"));
  EXPECT_THAT(notes, ElementsAre("target \"positive\" was asked for more than once; it is given "
                                 "once"));
}

TEST(Target, VersusMakesDifferences) {
  std::vector<std::string> notes;
  EXPECT_THAT(resolve({"positive"}, "predicted", 0, notes), ElementsAre("positive - negative"));
  EXPECT_THAT(notes, IsEmpty());
  EXPECT_THAT(resolve({"all"}, "neutral", 0, notes),
              ElementsAre("negative - neutral", "positive - neutral"));
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
  EXPECT_EQ(error_of(Code::kUnknownName, [] { parse_target("postive", kThree.context()); }),
            "[target] \"postive\" is not a label of this model; expected predicted, all, #INDEX, "
            "negative, neutral or positive. Hint: did you mean \"positive\"?");
}

TEST(Target, IndicesOutOfRangeAreRefused) {
  for (const char* text : {"#3", "#-1", "#", "#1x"}) {
    EXPECT_EQ(error_of(Code::kInvalidArgument, [&] { parse_target(text, kThree.context()); }),
              "[target] \"" + std::string(text) +
                  "\" is not an output of this model; expected #0 to #2.");
  }
}

TEST(Target, FormsOfOtherHeadsNameTheHead) {
  EXPECT_THAT(error_of(Code::kUnsupported, [] { parse_target("start:3", kThree.context()); }),
              testing::StartsWith("[target] \"start:3\" is a target of a question answering head, "
                                  "but this model classifies whole texts; expected predicted"));
  for (const char* text : {"end:1", "span:1-2", "token:3=PER", "mask=good"}) {
    error_of(Code::kUnsupported, [&] { parse_target(text, kThree.context()); });
  }
}

TEST(Target, ALabelThatLooksLikeAnotherFormIsALabel) {
  const Classifier odd({"mask=on", "#7"});
  EXPECT_EQ(parse_target("mask=on", odd.context()).output, 0);
  EXPECT_EQ(parse_target("#7", odd.context()).output, 1);
}

}  // namespace
}  // namespace ascribo
