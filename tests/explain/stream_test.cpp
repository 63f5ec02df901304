// SPDX-License-Identifier: MIT
// Many texts: order, errors in some of them, progress and stopping.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ascribo/base/error.h"
#include "ascribo/explain/subject.h"
#include "ascribo/models/model.h"
#include "tests/explain/errors.h"
#include "tests/explain/toy_subject.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;

// A stream over texts; "!" makes `next` throw in that text's place.
struct Texts {
  std::vector<std::string> texts = {};
  std::size_t at = 0;
  std::vector<std::string> done = {};
  std::vector<std::int64_t> failed = {};

  Subject::Stream stream() {
    return {.next = [this]() -> std::optional<Input> {
              if (at == texts.size()) return std::nullopt;
              Input input;
              input.text = texts[at++];
              if (input.text == "!") fail(Code::kBadFile, "texts", "line 3", "something else");
              return input;
            },
            .done = [this](const Explanation& result) { done.push_back(result.input.text); }};
  }
  Subject::Stream skipping_stream() {
    Subject::Stream skipping = stream();
    skipping.failed = [this](std::int64_t input, const std::exception&) {
      failed.push_back(input);
      return true;
    };
    return skipping;
  }
};

Request occlusion() {
  Request request;
  request.method = "occlusion";
  return request;
}

class Stream : public testing::Test {
 protected:
  test::Toy toy = test::linear_toy();
};

TEST_F(Stream, ResultsComeInOrderHoweverManyThereAre) {
  Texts texts;
  for (int i = 0; i < 300; ++i) texts.texts.push_back("film " + std::to_string(i));
  toy.subject.explain(texts.stream(), occlusion());
  EXPECT_EQ(texts.done, texts.texts);
}

TEST_F(Stream, NoTextsAreFine) {
  Texts texts;
  toy.subject.explain(texts.stream(), occlusion());
  EXPECT_TRUE(texts.done.empty());
}

TEST_F(Stream, ErrorsGoToTheirOwnTextAndTheRestGoesOn) {
  Texts texts{{"good", "", "bad", "!", "film \xff", "not"}};
  toy.subject.explain(texts.skipping_stream(), occlusion());
  EXPECT_THAT(texts.done, ElementsAre("good", "bad", "not"));
  EXPECT_THAT(texts.failed, ElementsAre(1, 3, 4));
}

TEST_F(Stream, AnErrorFoundWhileComputingGoesToItsOwnText) {
  toys::LinearModel::Parameters parameters = test::linear_parameters(800);
  parameters.words[555] = {NAN, NAN, NAN};  // "bad"
  const test::Toy damaged = test::toy_of(std::move(parameters), {"a", "b", "c"});
  Texts texts{{"good", "a bad film", "not"}};
  damaged.subject.explain(texts.skipping_stream(), occlusion());
  EXPECT_THAT(texts.done, ElementsAre("good", "not"));
  EXPECT_THAT(texts.failed, ElementsAre(1));
}

TEST_F(Stream, WithoutAHandlerTheFirstErrorIsThrownAfterWhatCameBefore) {
  Texts texts{{"good", "bad", "", "film"}};
  error_of(Code::kBadText, [&] { toy.subject.explain(texts.stream(), occlusion()); });
  EXPECT_THAT(texts.done, ElementsAre("good", "bad"));
}

TEST_F(Stream, AHandlerMayStop) {
  Texts texts{{"good", "!", "film"}};
  Subject::Stream stream = texts.stream();
  stream.failed = [](std::int64_t, const std::exception&) { return false; };
  error_of(Code::kBadFile, [&] { toy.subject.explain(stream, occlusion()); });
  EXPECT_THAT(texts.done, ElementsAre("good"));
}

TEST_F(Stream, AWrongRequestIsRefusedBeforeAnyTextIsRead) {
  for (const auto& [name, value] : OptionValues{{"replace", "nothing"}, {"unit", "letter"}}) {
    Texts texts{{"good"}};
    Request request = occlusion();
    request.options = {{name, value}};
    EXPECT_THROW(toy.subject.explain(texts.skipping_stream(), request), Error);
    EXPECT_EQ(texts.at, 0U);
    EXPECT_TRUE(texts.failed.empty());
  }
}

TEST_F(Stream, ProgressCountsTextsAndEndsWithAll) {
  Texts texts{{"good", "bad", "", "film", "not", "a", "lot"}};
  Subject::Stream stream = texts.skipping_stream();
  std::vector<std::int64_t> seen;
  stream.total = 7;
  stream.progress = [&](const Progress& progress) {
    EXPECT_EQ(progress.total, 7);
    seen.push_back(progress.done);
    return true;
  };
  toy.subject.explain(stream, occlusion());
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(seen.front(), 0);
  EXPECT_EQ(seen.back(), 7);
}

TEST_F(Stream, ProgressMayStop) {
  Texts texts{{"good", "bad", "film", "not", "a", "lot"}};
  Subject::Stream stream = texts.skipping_stream();
  stream.progress = [&](const Progress& progress) { return progress.done < 4; };
  EXPECT_EQ(error_of(Code::kCancelled, [&] { toy.subject.explain(stream, occlusion()); }),
            "[explain] stopped after 4 texts.");
  EXPECT_EQ(texts.done.size(), 4U);
  EXPECT_TRUE(texts.failed.empty());
}

}  // namespace
}  // namespace ascribo
