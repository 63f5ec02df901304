// SPDX-License-Identifier: MIT
// Heads that do not answer once for a whole text: what their targets' forms mean, what they
// predict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/explain/subject.h"
#include "ascribo/text/tokenizer.h"
#include "tests/explain/errors.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;

Subject open(const char* name) { return Subject::open(test::golden_folder() / name); }

Explanation explain(const Subject& subject, const Input& input,
                    const std::vector<std::string>& targets, OptionValues options = {},
                    const std::string& method = "saliency") {
  return subject.explain(input,
                         {.method = method, .targets = targets, .options = std::move(options)});
}

std::vector<std::string> names(const Explanation& explanation) {
  std::vector<std::string> all;
  for (const Attribution& each : explanation.attributions) {
    all.push_back(each.target + (each.versus ? " - " + *each.versus : "") +
                  (each.position ? " @" + std::to_string(*each.position) : ""));
  }
  return all;
}

// p = softmax over the labels of one token.
double softmax_at(const std::vector<float>& logits, std::size_t first, std::size_t stride,
                  std::size_t count, std::size_t at) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += std::exp(static_cast<double>(logits[first + i * stride]));
  }
  return std::exp(static_cast<double>(logits[at])) / sum;
}

class TokenClassifier : public testing::Test {
 protected:
  const test::Golden golden{"bert-ner"};
  const Subject subject = open("bert-ner");
  const Input input{.text = std::string(golden.cases[0].at("text").string())};
  const std::vector<float> logits = golden.expected(0, "logits").to_vector<float>();

  std::size_t best(std::size_t token) const {
    const auto first = logits.begin() + static_cast<std::ptrdiff_t>(token * 5);
    return static_cast<std::size_t>(std::max_element(first, first + 5) - first);
  }
};

TEST_F(TokenClassifier, PredictsEachTokenOfTheText) {
  const Prediction found = subject.predict(input);
  ASSERT_EQ(found.tokens.size(), 18U);  // of 20, without [CLS] and [SEP]
  double surest = 0;
  for (const TokenPrediction& each : found.tokens) {
    const auto token = static_cast<std::size_t>(each.token);
    EXPECT_EQ(static_cast<std::size_t>(each.index), best(token));
    EXPECT_EQ(each.label, "LABEL_" + std::to_string(best(token)));
    const double p = softmax_at(logits, token * 5, 1, 5, token * 5 + best(token));
    EXPECT_NEAR(each.probability, p, 1e-5);
    surest = std::max(surest, p);
  }
  EXPECT_NEAR(*found.probability, surest, 1e-5);
  EXPECT_TRUE(found.logits.empty());
}

TEST_F(TokenClassifier, FormsNameTokensAndLabels) {
  const std::string own = "LABEL_" + std::to_string(best(7));
  EXPECT_THAT(names(explain(subject, input, {"token:7=LABEL_2", "token:7=#1", "token:7"})),
              ElementsAre("LABEL_2 @7", "LABEL_1 @7", own + " @7"));
  EXPECT_EQ(explain(subject, input, {"all"}).attributions.size(), 18U);
  for (const Attribution& each : explain(subject, input, {own}).attributions) {
    EXPECT_EQ(each.target, own);
    EXPECT_EQ(best(static_cast<std::size_t>(*each.position)), best(7));
  }
}

TEST_F(TokenClassifier, VersusIsAnotherLabelOfTheSameTokenUnlessItNamesOne) {
  const Explanation same = explain(subject, input, {"token:3=LABEL_2"}, {{"versus", "LABEL_4"}});
  EXPECT_THAT(names(same), ElementsAre("LABEL_2 - LABEL_4 @3"));
  EXPECT_NEAR(same.attributions[0].value, logits[17] - logits[19], 1e-5);
  const Explanation other =
      explain(subject, input, {"token:3=LABEL_2"}, {{"versus", "token:9=LABEL_2"}});
  EXPECT_THAT(names(other), ElementsAre("LABEL_2 - LABEL_2 at token 9 @3"));
  EXPECT_NEAR(other.attributions[0].value, logits[17] - logits[47], 1e-5);
}

TEST_F(TokenClassifier, ProbabilitiesAreThoseOfTheToken) {
  const Explanation found =
      explain(subject, input, {"token:3=LABEL_2"}, {{"score", "probability"}});
  EXPECT_NEAR(found.attributions[0].value, softmax_at(logits, 15, 1, 5, 17), 1e-6);
}

TEST_F(TokenClassifier, WrongTargetsAreRefused) {
  EXPECT_EQ(error_of(Code::kInvalidArgument, [&] { explain(subject, input, {"token:20"}); }),
            "[target] token 20 was asked about, but the input has 20 tokens; expected 0 to 19. "
            "Hint: ascribo tokenize lists them, special tokens included");
  EXPECT_THAT(error_of(Code::kInvalidArgument, [&] { explain(subject, input, {"token:x"}); }),
              HasSubstr("\"token:x\" names no token; expected token:P or token:P=LABEL"));
  EXPECT_THAT(error_of(Code::kUnknownName, [&] { explain(subject, input, {"token:3=PER"}); }),
              HasSubstr("\"PER\" is not a label of this model"));
  EXPECT_THAT(error_of(Code::kUnsupported, [&] { explain(subject, input, {"span:1-2"}); }),
              HasSubstr("question answering head, but this model classifies tokens"));
}

TEST_F(TokenClassifier, DeletingOtherTokensLeavesTheTargetWhereItWas) {
  const OptionValues options{{"replace", "delete"}, {"unit", "token"}};
  EXPECT_THAT(
      error_of(Code::kUnsupported,
               [&] { explain(subject, input, {"token:3"}, options, "occlusion"); }),
      HasSubstr("holds token 3, which target \"LABEL_" + std::to_string(best(3)) +
                "\" asks about, and replace is delete; expected a replacement that leaves"));
  // [CLS] is in no unit and never deleted.
  const Explanation found = explain(subject, input, {"token:0=LABEL_1"}, options, "occlusion");
  std::vector<std::int64_t> ids = golden.integers(0, "input_ids");
  ids.erase(ids.begin() + 1);
  const Explanation shorter = explain(subject, {.input_ids = ids}, {"token:0=LABEL_1"}, {});
  EXPECT_NEAR(found.attributions[0].scores[0],
              found.attributions[0].value - shorter.attributions[0].value, 1e-5);
}

class Answering : public testing::Test {
 protected:
  const test::Golden golden{"bert-qa"};
  const Subject subject = open("bert-qa");
  const Input input{.text = std::string(golden.cases[0].at("text").string()),
                    .pair = std::string(golden.cases[0].at("pair").string())};
  const std::vector<float> logits = golden.logits(0).to_vector<float>();
  const std::size_t tokens = logits.size() / 2;
};

TEST_F(Answering, PredictsTheBestSpanOfTheContext) {
  const Prediction found = subject.predict(input);
  double highest = -INFINITY;
  std::size_t first = 0, last = 0;
  for (std::size_t i = 7; i + 1 < tokens; ++i) {  // [CLS], 5 tokens, [SEP], then the context
    for (std::size_t j = i; j + 1 < tokens; ++j) {
      const double sum =
          static_cast<double>(logits[2 * i]) + static_cast<double>(logits[2 * j + 1]);
      if (sum <= highest) continue;
      highest = sum;
      first = i;
      last = j;
    }
  }
  ASSERT_EQ(found.tokens.size(), 2U);
  EXPECT_EQ(static_cast<std::size_t>(found.tokens[0].token), first);
  EXPECT_EQ(static_cast<std::size_t>(found.tokens[1].token), last);
  EXPECT_THAT(*input.pair, HasSubstr(found.label));
  EXPECT_NEAR(
      *found.probability,
      softmax_at(logits, 0, 2, tokens, 2 * first) * softmax_at(logits, 1, 2, tokens, 2 * last + 1),
      1e-6);
}

TEST_F(Answering, SpansJoinStartAndEnd) {
  const OptionValues options{{"score", "log_probability"}};
  const Explanation found = explain(subject, input, {"span:8-10", "start:8", "end:10"}, options);
  EXPECT_THAT(names(found), ElementsAre("span:8-10 @8", "start:8 @8", "end:10 @10"));
  EXPECT_NEAR(found.attributions[0].value,
              found.attributions[1].value + found.attributions[2].value, 1e-9);
  EXPECT_NEAR(found.attributions[1].value, std::log(softmax_at(logits, 0, 2, tokens, 16)), 1e-5);
  // Question and context both have units.
  EXPECT_EQ(found.units.front().side, Side::kText);
  EXPECT_EQ(found.units.back().side, Side::kPair);
}

TEST_F(Answering, ADeletedTokenIsNoCandidateAnyMore) {
  const OptionValues options{{"replace", "delete"}, {"unit", "token"}, {"score", "probability"}};
  const Explanation found = explain(subject, input, {"start:0"}, options, "occlusion");
  EXPECT_EQ(found.attributions[0].scores.size(), tokens - 3);
}

TEST_F(Answering, WrongSpansAreRefused) {
  for (const char* text : {"span:3", "span:5-4", "span:a-b"}) {
    EXPECT_THAT(error_of(Code::kInvalidArgument, [&] { explain(subject, input, {text}); }),
                HasSubstr("names no span; expected span:P-Q"));
  }
  EXPECT_THAT(error_of(Code::kInvalidArgument, [&] { explain(subject, input, {"end:99"}); }),
              HasSubstr("token 99 was asked about"));
  EXPECT_THAT(error_of(Code::kUnknownName, [&] { explain(subject, input, {"positive"}); }),
              HasSubstr("expected predicted, start:P, end:P or span:P-Q"));
}

class MaskFiller : public testing::Test {
 protected:
  const test::Golden golden{"bert-mlm"};
  const Subject subject = open("bert-mlm");
  const Input input{.text = std::string(golden.cases[0].at("text").string())};
  const std::vector<float> logits = golden.expected(0, "logits").to_vector<float>();
  const std::size_t mask = static_cast<std::size_t>(golden.cases[0].at("mask_position").integer());
};

TEST_F(MaskFiller, PredictsTheLikeliestWords) {
  const Prediction found = subject.predict(input);
  const std::vector<std::int64_t> top = golden.integers(0, "mask_top_ids");
  ASSERT_EQ(found.tokens.size(), 5U);
  for (std::size_t k = 0; k < top.size(); ++k) {
    EXPECT_EQ(found.tokens[k].index, top[k]);
    EXPECT_EQ(static_cast<std::size_t>(found.tokens[k].token), mask);
  }
  EXPECT_EQ(found.label, subject.tokenizer().token(top[0]));
  EXPECT_NEAR(*found.probability,
              softmax_at(logits, mask * 800, 1, 800, mask * 800 + static_cast<std::size_t>(top[0])),
              1e-6);
}

TEST_F(MaskFiller, WordsAreCompared) {
  const auto film = static_cast<std::size_t>(*subject.tokenizer().find_token("film"));
  const auto funny = static_cast<std::size_t>(*subject.tokenizer().find_token("funny"));
  const Explanation found = explain(subject, input, {"mask=film"}, {{"versus", "mask=funny"}});
  EXPECT_THAT(names(found), ElementsAre("film - funny @" + std::to_string(mask)));
  EXPECT_NEAR(found.attributions[0].value, logits[mask * 800 + film] - logits[mask * 800 + funny],
              1e-4);
  EXPECT_THAT(names(explain(subject, input, {"token:2=film", "mask=#7"})),
              ElementsAre("film @2", subject.tokenizer().token(7) + " @" + std::to_string(mask)));
}

TEST_F(MaskFiller, WrongWordsAndTextsAreRefused) {
  EXPECT_THAT(error_of(Code::kUnknownName, [&] { explain(subject, input, {"mask=gripping"}); }),
              HasSubstr("\"gripping\" is no single token of this model but gr, ##ip"));
  EXPECT_THAT(error_of(Code::kBadText, [&] { explain(subject, {.text = "funny film"}, {}); }),
              HasSubstr("there is no [MASK] in the text; expected a place for a word. Hint: write "
                        "[MASK] where one is missing"));
}

TEST(Discriminator, ExplainsWhatItTakesForReplaced) {
  const Subject subject = open("electra-disc");
  const test::Golden golden("electra-disc");
  const Input input{.text = std::string(golden.cases[0].at("text").string())};
  EXPECT_THAT(subject.labels(), ElementsAre("replaced"));
  const std::vector<float> logits = golden.expected(0, "logits").to_vector<float>();
  const Prediction found = subject.predict(input);
  for (const TokenPrediction& each : found.tokens) {
    const double logit = logits[static_cast<std::size_t>(each.token)];
    EXPECT_NEAR(each.probability, 1 / (1 + std::exp(-logit)), 1e-5);
  }
  EXPECT_THAT(names(explain(subject, input, {"token:2"})), ElementsAre("replaced @2"));
}

}  // namespace
}  // namespace ascribo
