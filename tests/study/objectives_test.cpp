// SPDX-License-Identifier: MIT
// Words with tags, answers in a context, words in the place of a mask: from rows to trained models.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ascribo/base/error.h"
#include "ascribo/explain/subject.h"
#include "ascribo/study/fine_tune.h"
#include "ascribo/study/row_answers.h"
#include "ascribo/study/training_data.h"
#include "ascribo/text/tokenizer.h"
#include "tests/golden.h"

namespace ascribo::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

std::unique_ptr<Tokenizer> tokenizer_of(const char* name) {
  return Tokenizer::open(golden_folder() / name);
}

template <class Function>
std::string message(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// The stretch of the text that a token stands for.
std::string piece(const Encoding& encoding, std::string_view text, std::int64_t token) {
  const Encoding::Offset& at = encoding.offsets[static_cast<std::size_t>(token)];
  return std::string(
      text.substr(static_cast<std::size_t>(at.start), static_cast<std::size_t>(at.end - at.start)));
}

TEST(RowAnswers, WordsAreAskedAtTheirFirstTokens) {
  const auto tokenizer = tokenizer_of("bert-ner");
  const std::string text = "unbelievable film, really";
  const Encoding encoding = tokenizer->encode(text);
  Example example;
  ask_words(encoding, text, {4, 0, 2}, example);
  EXPECT_THAT(example.labels, ElementsAre(4, 0, 2));
  ASSERT_EQ(example.sequence.reads.size(), 3U);
  std::vector<std::int64_t> starts;
  for (const std::int64_t read : example.sequence.reads) {
    starts.push_back(encoding.offsets[static_cast<std::size_t>(read)].start);
  }
  EXPECT_THAT(starts, ElementsAre(0, 13, 19));
  EXPECT_EQ(message([&] {
              ask_words(encoding, text, {1, 2}, example);
            }),
            "[tags] there are 2; expected one for each of 3 words.");
}

TEST(RowAnswers, WordsThatAreCutOffAreNotAsked) {
  const auto tokenizer = tokenizer_of("bert-ner");
  const std::string text = "good film good film";
  Encoding encoding = tokenizer->encode(text);
  Encoding cut = encoding;
  const std::size_t kept = encoding.size() - 2;
  cut.ids.resize(kept);
  cut.offsets.resize(kept);
  cut.sides.resize(kept);
  Example example;
  ask_words(cut, text, {1, 2, 3, 4}, example);
  EXPECT_LT(example.labels.size(), 4U);
  EXPECT_EQ(example.labels.size(), example.sequence.reads.size());
}

TEST(RowAnswers, TagsAreNamesOrNumbers) {
  EXPECT_THAT(parse_tags(R"(["O", "B-PER", 3])"), ElementsAre("O", "B-PER", "3"));
  EXPECT_EQ(message([] { parse_tags("O O"); }), "[tags] \"O O\"; expected a list, [\"O\", ...].");
}

TEST(RowAnswers, AnswersAreFoundAmongTokens) {
  const auto tokenizer = tokenizer_of("bert-qa");
  const std::string question = "who plays?", context = "the film is good, the film is new";
  const Encoding encoding = tokenizer->encode(question, context);
  const auto ask = [&](const char* label) {
    Example example;
    EXPECT_TRUE(ask_answer(encoding, context, label, example)) << label;
    return piece(encoding, context, example.labels[0]) + ".." +
           piece(encoding, context, example.labels[1]);
  };
  const auto piece_at = [&](std::int64_t start) {
    for (std::size_t i = 0; i < encoding.size(); ++i) {
      if (encoding.sides[i] == 1 && encoding.offsets[i].start == start) {
        return static_cast<std::int64_t>(i);
      }
    }
    return std::int64_t{-1};
  };
  // The first place unless another is named.
  Example first, second;
  ASSERT_TRUE(ask_answer(encoding, context, "film", first));
  EXPECT_EQ(first.labels[0], piece_at(4));
  ASSERT_TRUE(ask_answer(encoding, context, R"({"text": ["film"], "answer_start": [22]})", second));
  EXPECT_EQ(second.labels[0], piece_at(22));
  EXPECT_EQ(first.choices, second.choices);
  EXPECT_EQ(ask(R"({"text": "is", "answer_start": 9})").substr(0, 1), "i");
  EXPECT_THAT(first.texts->right, ElementsAre("film"));
  Example example;
  EXPECT_EQ(message([&] { ask_answer(encoding, context, "bad", example); }),
            "[answer] \"bad\" is not in the context; expected words that are.");
  EXPECT_EQ(message([&] {
              ask_answer(encoding, context, R"({"text": "film", "answer_start": 5})", example);
            }),
            "[answer] \"film\" does not stand at 5; expected the place of its first character in "
            "the context.");
  EXPECT_EQ(message([&] {
              ask_answer(encoding, context, R"({"text": [], "answer_start": []})", example);
            }),
            "[answer] there is none; expected one that stands in the context.");
}

// The first is learned, all are right; what was cut off cannot be learned.
TEST(RowAnswers, SeveralAnswersAreAllRight) {
  const auto tokenizer = tokenizer_of("bert-qa");
  const std::string context = "the film is good, the film is new";
  const char* const label = R"({"text": ["film is new", "good", "film"], )"
                            R"("answer_start": [22, 12, 4]})";
  const Encoding whole = tokenizer->encode("how?", context);
  Example example;
  ASSERT_TRUE(ask_answer(whole, context, label, example));
  EXPECT_THAT(example.texts->right, ElementsAre("film is new", "good", "film"));
  EXPECT_EQ(piece(whole, context, example.labels[1]).substr(0, 1), "n");
  Encoding cut = whole;
  const auto behind = std::find_if(cut.offsets.begin(), cut.offsets.end(),
                                   [](const auto& each) { return each.start >= 22; });
  const auto kept = static_cast<std::size_t>(behind - cut.offsets.begin());
  cut.ids.resize(kept);
  cut.offsets.resize(kept);
  cut.sides.resize(kept);
  Example rest;
  ASSERT_TRUE(ask_answer(cut, context, label, rest));
  EXPECT_EQ(piece(cut, context, rest.labels[0]).substr(0, 1), "g");
  EXPECT_FALSE(ask_answer(cut, context, R"({"text": ["new"], "answer_start": [30]})", rest));
  EXPECT_EQ(message([&] {
              ask_answer(whole, context, R"({"text": ["film", "bad"], "answer_start": [4, 12]})",
                         example);
            }),
            "[answer] \"bad\" does not stand at 12; expected the place of its first character in "
            "the context.");
}

TEST(RowAnswers, MasksAskForOneWordAmongAllOrAFew) {
  const auto tokenizer = tokenizer_of("bert-mlm");
  const Encoding encoding = tokenizer->encode("the film [MASK] good");
  Example all, few;
  ask_mask(encoding, {"is"}, *tokenizer, all);
  EXPECT_TRUE(all.choices.empty());
  EXPECT_EQ(all.labels, std::vector{*tokenizer->find_token("is")});
  ask_mask(encoding, {"is", "good"}, *tokenizer, few);
  EXPECT_THAT(few.choices,
              ElementsAre(*tokenizer->find_token("is"), *tokenizer->find_token("good")));
  EXPECT_EQ(encoding.ids[static_cast<std::size_t>(few.sequence.reads.front())],
            *tokenizer->special_tokens().mask);
  EXPECT_EQ(message([&] { ask_mask(tokenizer->encode("no"), {"is"}, *tokenizer, all); }),
            "[text] [MASK] stands in it 0 times; expected one place for a word.");
  EXPECT_THAT(message([&] { ask_mask(encoding, {"is good"}, *tokenizer, all); }),
              HasSubstr("\"is good\" is 2 tokens; expected a word that is one"));
}

class Objectives : public testing::Test {
 protected:
  FineTuning request(const char* model, Objective objective, const std::string& rows,
                     const char* file) const {
    write_text(folder_.path() / file, rows);
    FineTuning request;
    request.model = golden_folder() / model;
    request.train = request.dev = folder_.path() / file;
    request.output = folder_.path() / "out";
    request.objective = objective;
    request.options.epochs = 30;
    request.options.learning_rate = 3e-3;
    request.options.dropout = false;
    return request;
  }

  TempFolder folder_;
};

TEST_F(Objectives, TagsOfWords) {
  FineTuning tags =
      request("bert-ner", Objective::kTags,
              "{\"tokens\": [\"good\", \"film\"], \"tags\": [\"O\", \"B-X\"]}\n"
              "{\"tokens\": [\"film\", \"good\", \"good\"], \"tags\": [\"B-X\", \"O\", \"O\"]}\n",
              "tags.jsonl");
  const FineTuned done = fine_tune(tags);
  EXPECT_EQ(done.metric, "f1");
  EXPECT_EQ(done.best, 1);
  const Subject subject = Subject::open(done.folder);
  EXPECT_EQ(subject.labels(), (std::vector<std::string>{"B-X", "O"}));
  const Prediction prediction = subject.predict({.text = "good film"});
  ASSERT_EQ(prediction.tokens.size(), 2U);
  EXPECT_EQ(prediction.tokens[0].label, "O");
  EXPECT_EQ(prediction.tokens[1].label, "B-X");
}

TEST_F(Objectives, AnswersInAContext) {
  FineTuning answers = request(
      "bert-qa", Objective::kAnswer,
      "{\"question\": \"what?\", \"context\": \"the film is good\", \"answers\": \"film\"}\n"
      "{\"question\": \"how?\", \"context\": \"the film is good\", \"answers\": {\"text\": "
      "[\"good\"], \"answer_start\": [12]}}\n",
      "answers.jsonl");
  const FineTuned done = fine_tune(answers);
  EXPECT_EQ(done.metric, "f1");
  EXPECT_EQ(done.best, 1);
  const Subject subject = Subject::open(done.folder);
  EXPECT_EQ(subject.predict({.text = "how?", .pair = "the film is good"}).label, "good");
  EXPECT_EQ(subject.predict({.text = "what?", .pair = "the film is good"}).label, "film");
}

// An answer that some gave is as right as the one that is learned.
TEST_F(Objectives, AnswersAreJudgedByAllThatPeopleGave) {
  const std::string row = "{\"question\": \"what?\", \"context\": \"the film is good\", ";
  FineTuning answers = request(
      "bert-qa", Objective::kAnswer,
      row + "\"answers\": {\"text\": [\"good\"], \"answer_start\": [12]}}\n", "answers.jsonl");
  answers.dev = folder_.path() / "dev.jsonl";
  write_text(answers.dev, row +
                              "\"answers\": {\"text\": [\"The film\", \"Good\"], "
                              "\"answer_start\": [0, 12]}}\n");
  EXPECT_THAT(message([&] { fine_tune(answers); }),
              HasSubstr("dev.jsonl line 1: [answer] \"The film\" does not stand at 0"));
  write_text(answers.dev, row +
                              "\"answers\": {\"text\": [\"the film\", \"good\"], "
                              "\"answer_start\": [0, 12]}}\n");
  EXPECT_EQ(fine_tune(answers).best, 1);
}

TEST_F(Objectives, WordsInThePlaceOfAMask) {
  FineTuning words = request("bert-mlm", Objective::kWord,
                             "sentence\tlabel\nthe film [MASK] good\tis,good\n"
                             "good [MASK] the film\tgood,is\n",
                             "words.tsv");
  const FineTuned done = fine_tune(words);
  EXPECT_EQ(done.metric, "accuracy");
  EXPECT_EQ(done.best, 1);
  write_text(folder_.path() / "words.tsv",
             "sentence\tlabel\nthe film [MASK] good\tis,good\ngood [MASK] the film\tgood\n");
  words.overwrite = true;
  EXPECT_THAT(message([&] { fine_tune(words); }),
              HasSubstr("words.tsv line 3: [label] some rows name one word, some several; "
                        "expected the same of all"));
}

}  // namespace
}  // namespace ascribo::test
