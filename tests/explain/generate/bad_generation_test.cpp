// SPDX-License-Identifier: MIT
// Prompts, options and files that cannot be followed, and what is said of those that contradict
// each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "ascribo/explain/subject.h"
#include "ascribo/models/model.h"
#include "ascribo/text/tokenizer.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// gpt2-lm with a generation_config.json of one's own.
class Generating : public testing::Test {
 protected:
  Generating() {
    std::filesystem::copy(test::golden_folder() / "gpt2-lm", folder.path(),
                          std::filesystem::copy_options::recursive);
  }

  Subject with(const std::string& generation_config) const {
    test::write_text(folder.path() / "generation_config.json", generation_config);
    return Subject::open(folder.path());
  }

  static Generation generate(const Subject& subject, const OptionValues& options = {}) {
    return subject.generate({.text = "Bad"}, {.options = options});
  }

  std::string refusal(Code code, const OptionValues& options, const Input& prompt = {.text = "Bad"},
                      const std::vector<std::string>& stop = {}) const {
    return test::error_of(code,
                          [&] { golden.generate(prompt, {.options = options, .stop = stop}); });
  }

  test::TempFolder folder;
  Subject golden = Subject::open(test::golden_folder() / "gpt2-lm");
};

OptionValue option(const Generation& generation, const std::string& name) {
  for (const auto& [key, value] : generation.options) {
    if (key == name) return value;
  }
  return std::string("absent");
}

TEST_F(Generating, BadPrompts) {
  EXPECT_EQ(refusal(Code::kBadText, {}, {}),
            "[prompt] the prompt is empty; expected something to continue.");
  EXPECT_EQ(refusal(Code::kInvalidArgument, {}, {.input_ids = {3, 800}}),
            "[prompt] there is no token id 800; expected 0 to 799, the ids of this model.");
  EXPECT_EQ(refusal(Code::kInvalidArgument, {}, {.input_ids = {-1}}),
            "[prompt] there is no token id -1; expected 0 to 799, the ids of this model.");
  EXPECT_EQ(refusal(Code::kTooLong, {}, {.input_ids = std::vector<std::int64_t>(81, 5)}),
            "[prompt] the prompt has 81 tokens; expected at most the model's 80 positions.");
  EXPECT_EQ(refusal(Code::kInvalidArgument, {}, {.text = "a", .pair = "b"}),
            "[prompt] a pair was given; expected one text to continue.");
  EXPECT_EQ(refusal(Code::kInvalidArgument, {}, {.text = "a", .continuation = " b"}),
            "[prompt] a continuation was given with the prompt; expected the prompt alone. Hint: "
            "write both as one text to go on from there");
  const Subject bert = Subject::open(test::golden_folder() / "bert-mlm");
  EXPECT_EQ(test::error_of(Code::kUnsupported, [&] { bert.generate({.text = "a"}); }),
            "[generate] the model is a BertForMaskedLM; expected a causal language model, which "
            "writes token by token.");
}

TEST_F(Generating, PromptAndAnswerPastThePositions) {
  const std::vector<std::int64_t> prompt(75, 5);
  EXPECT_EQ(refusal(Code::kTooLong, {{"max_new_tokens", "7"}}, {.input_ids = prompt}),
            "[max_new_tokens] 7 after a prompt of 75 tokens; expected at most 6, for which the "
            "model's 80 positions suffice.");
  EXPECT_EQ(
      golden.generate({.input_ids = prompt}, {.options = {{"max_new_tokens", "6"}}}).tokens.size(),
      6U);
  // Where no number is asked for, as many as there is room for, which is said.
  const Generation found = golden.generate({.input_ids = prompt});
  EXPECT_EQ(found.tokens.size(), 6U);
  EXPECT_EQ(found.stopped, StopReason::kPositions);
  EXPECT_THAT(found.notes, ElementsAre("stopped where the model has no more positions"));
}

TEST_F(Generating, BadOptions) {
  const auto bad = [&](const std::string& name, const std::string& value) {
    return refusal(Code::kInvalidArgument, {{name, value}});
  };
  const std::string positive = "expected a number greater than 0; without chance: sample=no.";
  EXPECT_EQ(bad("temperature", "0"), "[generate] temperature is \"0\"; " + positive);
  EXPECT_EQ(bad("temperature", "-1"), "[generate] temperature is \"-1\"; " + positive);
  const std::string share = "expected a number greater than 0 and at most 1.";
  EXPECT_EQ(bad("top_p", "0"), "[generate] top_p is \"0\"; " + share);
  EXPECT_EQ(bad("top_p", "1.5"), "[generate] top_p is \"1.5\"; " + share);
  EXPECT_EQ(bad("top_k", "0"),
            "[generate] top_k is \"0\"; expected at least 1; by default all words count.");
  EXPECT_EQ(bad("max_new_tokens", "0"), "[generate] max_new_tokens is \"0\"; expected at least 1.");
  EXPECT_EQ(bad("repetition_penalty", "0"),
            "[generate] repetition_penalty is \"0\"; expected a number greater than 0.");
  EXPECT_EQ(refusal(Code::kInvalidArgument, {{"sample", "no"}, {"top_k", "3"}}),
            "[generate] sample is no, and top_k was given; expected one of them. Hint: top_k is "
            "about drawing at random");
  EXPECT_THAT(refusal(Code::kUnknownName, {{"top-k", "3"}}),
              testing::HasSubstr("did you mean \"top_k\"?"));
}

TEST_F(Generating, StopStrings) {
  EXPECT_EQ(refusal(Code::kInvalidArgument, {}, {.text = "a"}, {""}),
            "[stop] a stop string is empty; expected text that ends what is written.");
  // A stop string that never comes: written to the end.
  const Generation all = golden.generate({.text = "Bad"}, {.stop = {"never"}});
  EXPECT_EQ(all.stopped, StopReason::kMaxNewTokens);
  EXPECT_EQ(all.tokens.size(), 20U);
  // One that lies across tokens: the text ends before it, the tokens stay as they were written.
  const std::string stop = all.text.substr(all.text.size() / 2, 3);
  const std::size_t place = all.text.find(stop);
  const Generation cut = golden.generate({.text = "Bad"}, {.stop = {"never", stop}});
  EXPECT_EQ(cut.stopped, StopReason::kStopString);
  EXPECT_EQ(cut.stopped_by, stop);
  EXPECT_EQ(cut.text, all.text.substr(0, place));
  ASSERT_LT(cut.tokens.size(), all.tokens.size());
  for (std::size_t i = 0; i < cut.tokens.size(); ++i) {
    EXPECT_EQ(cut.tokens[i].id, all.tokens[i].id);
  }
  EXPECT_GE(golden.tokenizer().decode(cut.ids()).size(), place);
}

TEST_F(Generating, TheFileIsFollowedAndTheRequestWins) {
  const Subject subject = with(R"({"do_sample": true, "temperature": 0.5, "top_k": 7, "top_p": 0.9,
      "repetition_penalty": 1.25, "max_new_tokens": 5, "eos_token_id": [0, 3]})");
  const Generation found = generate(subject);
  EXPECT_EQ(option(found, "sample"), OptionValue(true));
  EXPECT_EQ(option(found, "temperature"), OptionValue(0.5));
  EXPECT_EQ(option(found, "top_k"), OptionValue(std::int64_t{7}));
  EXPECT_EQ(option(found, "top_p"), OptionValue(0.9));
  EXPECT_EQ(option(found, "repetition_penalty"), OptionValue(1.25));
  EXPECT_EQ(option(found, "max_new_tokens"), OptionValue(std::int64_t{5}));
  EXPECT_THAT(found.end_ids, ElementsAre(0, 3));
  EXPECT_THAT(found.notes, IsEmpty());
  const Generation greedy = generate(subject, {{"sample", "no"}, {"repetition_penalty", "1"}});
  EXPECT_EQ(greedy.ids(), generate(golden, {{"max_new_tokens", "5"}}).ids());
  EXPECT_EQ(option(greedy, "temperature"), OptionValue(std::string("absent")));
  EXPECT_EQ(option(generate(subject, {{"top_k", "2"}}), "top_k"), OptionValue(std::int64_t{2}));
  // A length of prompt and answer together.
  EXPECT_EQ(generate(with(R"({"max_length": 9})")).tokens.size(), 7U);
}

TEST_F(Generating, FilesThatContradict) {
  EXPECT_EQ(
      test::error_of(Code::kBadCheckpoint, [&] { generate(with(R"({"eos_token_id": 900})")); }),
      "[generation_config.json] eos_token_id is 900; expected 0 to 799, the ids of this "
      "model. Hint: --ignore-eos goes on without");
  EXPECT_EQ(generate(with(R"({"eos_token_id": 900})"), {{"ignore_eos", "yes"}}).tokens.size(), 20U);
  EXPECT_THAT(generate(with(R"({"eos_token_id": [5, 6]})")).notes,
              ElementsAre("generation_config.json ends a text with token 5 (%) or 6 (&), the "
                          "tokenizer with 0 (<|endoftext|>): the former is followed"));
  EXPECT_EQ(test::error_of(Code::kBadCheckpoint,
                           [&] { generate(with(R"({"do_sample": true, "top_p": 0})")); }),
            "[generation_config.json] top_p is 0; expected a number greater than 0 and at most 1. "
            "Hint: an option of that name is used instead");
  EXPECT_THAT(
      generate(with(R"({"do_sample": true, "num_beams": 4, "min_p": 0.1, "top_k": 0})")).notes,
      ElementsAre("generation_config.json also has num_beams and min_p, which are not "
                  "followed"));
  EXPECT_THAT(generate(with(R"({"do_sample": true})")).notes,
              ElementsAre("generation_config.json asks for sampling without top_k: all words are "
                          "drawn from; transformers would keep 50"));
}

TEST_F(Generating, EndsWhereTheModelEndsTheText) {
  const std::vector<std::int64_t> all = generate(golden, {{"max_new_tokens", "8"}}).ids();
  const std::int64_t end = all.at(3);
  const auto first = static_cast<std::size_t>(std::find(all.begin(), all.end(), end) - all.begin());
  const Subject subject = with(R"({"eos_token_id": )" + std::to_string(end) + "}");
  const Generation found = generate(subject, {{"max_new_tokens", "8"}});
  EXPECT_EQ(found.stopped, StopReason::kEndOfText);
  EXPECT_EQ(found.stopped_by, golden.tokenizer().token(end));
  EXPECT_EQ(found.tokens.size(), first + 1);
  EXPECT_EQ(found.tokens.back().id, end);
  const Generation on = generate(subject, {{"max_new_tokens", "8"}, {"ignore_eos", "yes"}});
  EXPECT_EQ(on.ids(), all);
  EXPECT_THAT(on.end_ids, IsEmpty());
}

}  // namespace
}  // namespace ascribo
