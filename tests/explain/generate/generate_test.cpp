// SPDX-License-Identifier: MIT
// What is written against transformers' greedy continuations, and that nothing but the prompt
// decides it.
#include <gtest/gtest.h>

#include "ascribo/base/threads.h"
#include "ascribo/explain/subject.h"
#include "ascribo/text/tokenizer.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::Golden;

class GoldenGreedy : public testing::TestWithParam<std::string> {
 protected:
  Golden golden{GetParam()};
  Subject subject = Subject::open(golden.folder);

  Input prompt(std::size_t index) const {
    return {.text = std::string(golden.cases[index].at("prompt").string())};
  }
};

TEST_P(GoldenGreedy, IsWhatTransformersWrites) {
  for (std::size_t i = 0; i < golden.cases.size(); ++i) {
    const Generation found = subject.generate(prompt(i), {.options = {{"max_new_tokens", "8"}}});
    EXPECT_EQ(found.ids(), golden.integers(i, "greedy"));
    EXPECT_EQ(found.stopped, StopReason::kMaxNewTokens);
    EXPECT_EQ(static_cast<std::int64_t>(found.input_ids.size()),
              golden.cases[i].at("prompt_len").integer());
    std::vector<std::int64_t> all = found.input_ids;
    const std::string before = subject.tokenizer().decode(all);
    for (const WrittenToken& token : found.tokens) all.push_back(token.id);
    EXPECT_EQ(found.text, subject.tokenizer().decode(all).substr(before.size()));
  }
}

// The probabilities are those that explaining the same tokens starts from.
TEST_P(GoldenGreedy, LogProbabilitiesAreTheScoresOfTheTokens) {
  const Generation written = subject.generate(prompt(0), {.options = {{"max_new_tokens", "6"}}});
  Input input = prompt(0);
  input.continuation_ids = written.ids();
  const Explanation found = subject.explain(input, {.method = "saliency"});
  ASSERT_EQ(found.attributions.size(), written.tokens.size());
  for (std::size_t k = 0; k < written.tokens.size(); ++k) {
    EXPECT_NEAR(found.attributions[k].value, written.tokens[k].log_probability, 1e-5);
  }
}

// Several prompts at once, of different lengths, in any company, on any number of threads.
TEST_P(GoldenGreedy, DoesNotDependOnTheBatch) {
  const std::string texts[] = {"the film was", "I did not like the plot because it was", "Bad",
                               "a gripping, funny film that never loses its", "so"};
  for (const char* sample : {"no", "yes"}) {
    GenerationRequest request{.options = {{"max_new_tokens", "12"}, {"sample", sample}}};
    std::vector<Generation> alone;
    for (const std::string& text : texts)
      alone.push_back(subject.generate({.text = text}, request));
    for (const char* batch_tokens : {"1", "40", "1024"}) {
      request.options["batch_tokens"] = batch_tokens;
      for (const std::int64_t threads : {1, 2}) {
        set_threads(threads);
        std::size_t next = 0, done = 0;
        subject.generate({.next = [&]() -> std::optional<Input> {
                            if (next == std::size(texts)) return std::nullopt;
                            return Input{.text = texts[next++]};
                          },
                          .done =
                              [&](const Generation& found) {
                                const Generation& expected = alone.at(done++);
                                EXPECT_EQ(found.text, expected.text);
                                ASSERT_EQ(found.ids(), expected.ids());
                                for (std::size_t t = 0; t < found.tokens.size(); ++t) {
                                  EXPECT_EQ(found.tokens[t].log_probability,
                                            expected.tokens[t].log_probability);
                                }
                              }},
                         request);
        EXPECT_EQ(done, std::size(texts));
      }
      set_threads(0);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, GoldenGreedy,
                         testing::Values("gpt2-lm", "opt-lm", "gpt-neox-lm", "bloom-lm", "llama-lm",
                                         "mistral-lm", "gemma-lm", "phi3-lm", "qwen2-lm",
                                         "qwen3-lm"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace ascribo
