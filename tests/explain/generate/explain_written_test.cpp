// SPDX-License-Identifier: MIT
// What the model writes is explained as it wrote it, and models that are known to write something.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "ascribo/explain/subject.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

Request asked(const OptionValues& options) {
  return {.method = "saliency", .generate = GenerationRequest{.options = options}};
}

TEST(ExplainWritten, IsTheExplanationOfTheIdsGiven) {
  const Subject subject = Subject::open(test::golden_folder() / "llama-lm");
  const OptionValues options{{"max_new_tokens", "6"}, {"sample", "yes"}, {"seed", "3"}};
  const Generation written = subject.generate({.text = "Bad"}, {.options = options});
  const Explanation found = subject.explain({.text = "Bad"}, asked(options));
  Input given{.text = "Bad", .continuation_ids = written.ids()};
  const Explanation expected = subject.explain(given, {.method = "saliency"});
  ASSERT_TRUE(found.output);
  EXPECT_EQ(found.output->ids, written.ids());
  ASSERT_EQ(found.attributions.size(), expected.attributions.size());
  for (std::size_t k = 0; k < found.attributions.size(); ++k) {
    EXPECT_EQ(found.attributions[k].value, expected.attributions[k].value);
    EXPECT_EQ(found.attributions[k].scores.front(), expected.attributions[k].scores.front());
  }
  EXPECT_EQ(found.notes.front(),
            "the model wrote 6 tokens (max_new_tokens 6, sample yes, temperature 1, top_p 1, seed "
            "3, stopped by max_new_tokens)");
  EXPECT_EQ(found.cost.forward_tokens - expected.cost.forward_tokens, written.cost.forward_tokens);
}

TEST(ExplainWritten, OfManyTextsEachInItsTurn) {
  const Subject subject = Subject::open(test::golden_folder() / "gpt2-lm");
  const std::vector<Input> inputs = {{.text = "the film was"},
                                     {.text = ""},
                                     {.text = "Bad", .continuation = " acting"},
                                     {.text = "I did"}};
  std::size_t next = 0;
  std::vector<std::string> outputs;
  subject.explain({.next = [&]() -> std::optional<Input> {
                     if (next == inputs.size()) return std::nullopt;
                     return inputs[next++];
                   },
                   .done = [&](const Explanation& found) { outputs.push_back(found.output->text); },
                   .failed =
                       [&](std::int64_t number, const std::exception& error) {
                         EXPECT_EQ(number, 1);
                         outputs.emplace_back(error.what());
                         return true;
                       }},
                  asked({{"max_new_tokens", "3"}}));
  const auto alone = [&](const Input& input) {
    return subject.generate(input, {.options = {{"max_new_tokens", "3"}}}).text;
  };
  EXPECT_THAT(outputs,
              testing::ElementsAre(alone(inputs[0]),
                                   "[prompt] the prompt is empty; expected something to continue.",
                                   " acting", alone(inputs[3])));
}

TEST(ExplainWritten, ClassifiersDoNotWrite) {
  const Subject subject = Subject::open(test::golden_folder() / "gpt2-cls");
  EXPECT_EQ(test::error_of(Code::kUnsupported, [&] { subject.explain({.text = "a"}, asked({})); }),
            "[generate] the model is a GPT2ForSequenceClassification; expected a causal language "
            "model, which writes token by token.");
}

// A prompt whose template ends in a special token keeps it.
TEST(ExplainWritten, ATemplatedPromptHasNoOtherSpecialTokens) {
  const Subject subject = Subject::open(test::golden_folder() / "gpt2-lm");
  const Input prompt{.text = "<|endoftext|>Bad<|endoftext|>", .templated = true};
  const Generation written = subject.generate(prompt, {.options = {{"max_new_tokens", "2"}}});
  EXPECT_EQ(written.input_ids.front(), 0);
  EXPECT_EQ(written.input_ids.back(), 0);
  const Explanation found = subject.explain(prompt, asked({{"max_new_tokens", "2"}}));
  EXPECT_EQ(found.output->ids, written.ids());
  EXPECT_TRUE(found.tokens.front().special);
  EXPECT_EQ(found.units.front().text, "Bad");
}

std::filesystem::path trained(const std::string& name) {
  return test::golden_folder() / "../../../shared/models" / name;
}

// End-of-text is a digit here.
TEST(TrainedModels, DigitsAreSorted) {
  if (!std::filesystem::exists(trained("gpt-nano-sort"))) {
    GTEST_SKIP() << "gpt-nano-sort is not beside this checkout";
  }
  const Subject subject = Subject::open(trained("gpt-nano-sort"));
  for (std::vector<std::int64_t> digits :
       {std::vector<std::int64_t>{2, 0, 1, 1, 0, 2}, {0, 0, 0, 1, 0, 0}, {2, 2, 1, 2, 0, 1}}) {
    const Generation found = subject.generate(
        {.input_ids = digits}, {.options = {{"max_new_tokens", "6"}, {"ignore_eos", "yes"}}});
    std::sort(digits.begin(), digits.end());
    EXPECT_EQ(found.ids(), digits);
    EXPECT_EQ(found.text.substr(0, 2), "#" + std::to_string(digits[0]));
  }
}

TEST(TrainedModels, LlamaWritesWhatItsAuthorsProgramDoes) {
  if (!std::filesystem::exists(trained("aidreams260k"))) {
    GTEST_SKIP() << "aidreams260k is not beside this checkout";
  }
  const Subject subject = Subject::open(trained("aidreams260k"));
  const Generation found =
      subject.generate({.input_ids = {1}}, {.options = {{"max_new_tokens", "40"}}});
  EXPECT_EQ(found.text.substr(0, 54), "\"Echoes of vectors unfold, a gentle hum of precision, ");
}

}  // namespace
}  // namespace ascribo
