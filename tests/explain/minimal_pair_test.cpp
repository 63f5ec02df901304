// SPDX-License-Identifier: MIT
// Pairs of sentences become the question about the words that differ.
#include "ascribo/explain/inputs/minimal_pair.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ascribo/text/tokenizer.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;

const Subject& masked() {
  static const Subject subject = Subject::open(test::golden_folder() / "bert-mlm");
  return subject;
}

const Subject& causal() {
  static const Subject subject = Subject::open(test::golden_folder() / "gpt2-lm");
  return subject;
}

TEST(MinimalPair, IsAboutAMaskWhereTheWordsDiffer) {
  const Input input = minimal_pair(masked(), "the movies are good.", "the movies was good.");
  EXPECT_EQ(input.text, "the movies [MASK] good.");
  EXPECT_THAT(input.targets, ElementsAre("mask=are"));
  EXPECT_EQ(input.versus, "mask=was");
  // The whole word, although "the" is how both begin, and no mark.
  EXPECT_EQ(minimal_pair(masked(), "all of them.", "all of their.").text, "all of [MASK].");
  EXPECT_EQ(minimal_pair(masked(), "can't see it", "can see it").text, "[MASK] see it");
}

TEST(MinimalPair, ComesToTheDifferenceOfTwoLogits) {
  const Input pair = minimal_pair(masked(), "the movies are good.", "the movies was good.");
  const Explanation found = masked().explain(pair, {.method = "occlusion"});
  Input asked{.text = pair.text};
  double expected = 0;
  for (const auto& [word, sign] : {std::pair("mask=are", 1.0), std::pair("mask=was", -1.0)}) {
    asked.targets = {word};
    expected += sign * masked().explain(asked, {.method = "occlusion"}).attributions.at(0).value;
  }
  EXPECT_NEAR(found.attributions.at(0).value, expected, 1e-6);
}

TEST(MinimalPair, IsAboutTheNextTokenWhereBothWordsAreOne) {
  const Input input = minimal_pair(causal(), "the movies are good.", "the movies was good.");
  EXPECT_EQ(input.text, "the movies");
  const auto id = [](const char* token) {
    return "next=#" + std::to_string(*causal().tokenizer().find_token(token));
  };
  EXPECT_THAT(input.targets, ElementsAre(id("\u0120are")));
  EXPECT_EQ(input.versus, id("\u0120was"));
  const Attribution found = causal().explain(input, {.method = "occlusion"}).attributions.at(0);
  EXPECT_EQ(found.target, " are");
  EXPECT_EQ(found.versus, " was");
}

TEST(MinimalPair, IsAboutContinuationsWhereAWordIsSeveralTokens) {
  for (const bool swapped : {false, true}) {
    const std::string one = "I like good films", other = "I like surprisingly films";
    const Input input =
        swapped ? minimal_pair(causal(), other, one) : minimal_pair(causal(), one, other);
    EXPECT_EQ(input.text, "I like");
    EXPECT_EQ(input.continuation, swapped ? " surprisingly" : " good");
    EXPECT_EQ(input.versus, swapped ? "output= good" : "output= surprisingly");
    const Explanation found = causal().explain(input, {.method = "occlusion"});
    ASSERT_EQ(found.attributions.size(), 1U);
    EXPECT_EQ(found.units.size(), 2U);
    EXPECT_EQ(found.attributions[0].versus, swapped ? " good" : " surprisingly");
  }
}

TEST(BadPair, SaysWhatIsWrong) {
  EXPECT_EQ(error_of(Code::kBadText, [] { minimal_pair(masked(), "a film", "a film"); }),
            "[pair] the sentences are the same; expected sentences that differ in one place, each "
            "by a word.");
  EXPECT_EQ(error_of(Code::kBadText, [] { minimal_pair(masked(), "a good film", "a film"); }),
            "[pair] \"good \" is in one sentence, and nothing in its place in the other; expected "
            "sentences that differ in one place, each by a word.");
  EXPECT_EQ(error_of(Code::kBadText, [] { minimal_pair(causal(), "This was", "These was"); }),
            "[pair] \"This\" and \"These\" are the sentences' first words; expected something "
            "before them, which a causal language model goes on from.");
  const Subject critic = Subject::open(test::golden_folder() / "bert-cls");
  EXPECT_EQ(error_of(Code::kUnsupported, [&] { minimal_pair(critic, "a film", "a movie"); }),
            "[pair] a pair of sentences was given to BertForSequenceClassification, which has no "
            "words to compare; expected a masked or causal language model. Hint: --text-column "
            "sentence_good reads one sentence of each pair");
}

}  // namespace
}  // namespace ascribo
