// SPDX-License-Identifier: MIT
// What decompositions promise on every architecture: parts add up, rows add up to one, rows are
// those of the tokens that are read; and what they refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "ascribo/explain/method.h"
#include "ascribo/explain/subject.h"
#include "ascribo/models/model.h"
#include "tests/explain/errors.h"
#include "tests/explain/toy_subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

constexpr const char* kText = "it is not a good film.";

Subject open(const std::string& name, Dtype compute = Dtype::kF32) {
  return Subject::open(test::golden_folder() / name, {.compute = compute});
}

Explanation explain(const Subject& subject, const std::string& method, OptionValues options = {},
                    std::vector<std::string> targets = {"predicted"}, Input input = {}) {
  if (input.text.empty() && input.input_ids.empty()) input.text = kText;
  if (!options.contains("unit")) options["unit"] = "all_tokens";
  return subject.explain(
      input, {.method = method, .targets = std::move(targets), .options = std::move(options)});
}

const LayerTable& table(const Explanation& found, const std::string& name) {
  for (const LayerTable& each : found.layers.value()) {
    if (each.name == name) return each;
  }
  throw std::out_of_range(name);
}

double total(const Attribution& attribution) {
  double sum = attribution.special.value_or(0);
  for (const float score : attribution.scores) {
    if (std::isfinite(score)) sum += score;
  }
  return sum;
}

double largest(const LayerTable& table) {
  return *std::max_element(table.data.begin(), table.data.end());
}

const std::vector<std::string> kPostNorm = {"bert-cls",       "roberta-cls", "electra-cls",
                                            "distilbert-cls", "mpnet-cls",   "albert-cls",
                                            "xlm-roberta-cls"};
const std::vector<std::string> kDecoders = {"gpt2-lm",  "opt-lm",     "gpt-neox-lm", "bloom-lm",
                                            "llama-lm", "mistral-lm", "qwen2-lm",    "qwen3-lm",
                                            "gemma-lm", "phi3-lm"};

TEST(Decomposition, PartsOfALogitAddUpInEveryEncoder) {
  for (const std::string& name : kPostNorm) {
    SCOPED_TRACE(name);
    const Subject subject = open(name);
    const std::vector<std::string> all = {"absdot", "abssim", "norm", "equal", "first", "apart"};
    const std::vector<std::string> rules = name == "bert-cls" ? all : std::vector{all.front()};
    for (const std::string& rule : rules) {
      const Explanation found = explain(subject, "decompx", {{"biases", rule}}, {"all"});
      EXPECT_LT(largest(table(found, "recomposition_error")), 1e-5);
      for (const Attribution& each : found.attributions) {
        EXPECT_NEAR(total(each), each.value - *each.baseline_value, 1e-4);
        EXPECT_NEAR(*each.delta, 0, 1e-4);
        EXPECT_EQ(*each.baseline_value != 0, rule == "apart");
      }
    }
  }
}

TEST(Decomposition, PartsAddUpForEveryHeadOfAnEncoder) {
  const auto expect_whole = [](const Explanation& found) {
    for (const Attribution& each : found.attributions) {
      EXPECT_NEAR(total(each), each.value, 1e-4) << each.target;
    }
  };
  expect_whole(explain(open("bert-ner"), "decompx", {}, {"token:2", "token:3"}));
  expect_whole(explain(open("bert-qa"), "decompx", {}, {"start:2", "span:1-3"},
                       {.text = "what is good", .pair = "the film is good"}));
  expect_whole(explain(open("bert-mlm"), "decompx", {}, {"predicted"}, {.text = "a [MASK] film"}));
  expect_whole(explain(open("bert-cls"), "decompx", {{"versus", "#0"}}, {"#1"}));
  expect_whole(explain(open("bert-multilabel"), "decompx", {}, {"all"}));
  expect_whole(explain(open("bert-regression"), "decompx", {}, {"predicted"}));
}

// In double the parts differ from their sum by rounding alone.
TEST(Decomposition, DoublePrecisionLeavesNothing) {
  const Explanation found = explain(open("bert-cls", Dtype::kF64), "decompx", {}, {"all"});
  for (const Attribution& each : found.attributions) EXPECT_NEAR(*each.delta, 0, 1e-11);
  const Explanation shares = explain(open("gpt2-cls", Dtype::kF64), "alti_logit", {}, {"all"});
  for (const Attribution& each : shares.attributions) EXPECT_NEAR(*each.delta, 0, 1e-11);
}

TEST(Decomposition, SharesOfALogitAddUpInEveryDecoder) {
  for (const std::string& name : kDecoders) {
    SCOPED_TRACE(name);
    const Subject subject = open(name);
    const auto ids = test::Golden(name).integers(0, "input_ids");
    Input input;
    input.input_ids = {ids.begin(), ids.end() - 2};
    input.continuation_ids = {ids.end() - 2, ids.end()};
    for (const char* rollout : {"yes", "no"}) {
      const Explanation found =
          explain(subject, "alti_logit", {{"rollout", rollout}}, {"predicted"}, input);
      EXPECT_EQ(found.score, "logit");
      EXPECT_EQ(found.attributions.size(), 2U);
      for (const Attribution& each : found.attributions) {
        EXPECT_NEAR(total(each), each.value - *each.baseline_value, 1e-4);
        EXPECT_NEAR(*each.delta, 0, 1e-4);
      }
    }
  }
}

TEST(Decomposition, SharesOfADifferenceAreDifferencesOfShares) {
  const Subject subject = open("gpt2-cls");
  const auto shares = [&](const std::string& target, OptionValues options) {
    return explain(subject, "alti_logit", std::move(options), {target}).attributions[0];
  };
  const Attribution one = shares("#1", {}), other = shares("#0", {});
  const Attribution both = shares("#1", {{"versus", "#0"}});
  for (std::size_t i = 0; i < both.scores.size(); ++i) {
    EXPECT_NEAR(both.scores[i], one.scores[i] - other.scores[i], 1e-5);
  }
  EXPECT_NEAR(*both.baseline_value, *one.baseline_value - *other.baseline_value, 1e-5);
}

// Every share of every layer, and what no token has, is in the tables.
TEST(Decomposition, TablesHoldWhatSharesAreMadeOf) {
  const Explanation found = explain(open("gpt2-cls"), "alti_logit", {}, {"all"});
  const LayerTable& shares = table(found, "shares");
  ASSERT_EQ(shares.shape, (Shape{3, 4, static_cast<std::int64_t>(found.tokens.size())}));
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t j = 0; j < found.tokens.size(); ++j) {
      double sum = 0;
      for (std::size_t n = 0; n < 4; ++n) sum += shares.data[(k * 4 + n) * found.tokens.size() + j];
      EXPECT_NEAR(sum, found.attributions[k].scores[j], 1e-5);
    }
  }
}

TEST(Decomposition, RowsAddUpToOne) {
  std::vector<std::string> names = kPostNorm;
  names.insert(names.end(), {"gpt2-cls", "modernbert-cls", "deberta-v2-cls", "llama-lm"});
  for (const std::string& name : names) {
    const Subject subject = open(name);
    for (const char* method :
         {"raw_attention", "attention_rollout", "norm_rollout", "alti", "value_zeroing"}) {
      SCOPED_TRACE(name + " " + method);
      const Explanation found = explain(subject, method);
      EXPECT_NEAR(total(found.attributions[0]), 1, 1e-5);
      for (const LayerTable& each : *found.layers) {
        if (each.name == "recomposition_error") {
          EXPECT_LT(largest(each), 1e-5);
          continue;
        }
        const std::size_t tokens = found.tokens.size();
        for (std::size_t row = 0; row * tokens < each.data.size(); ++row) {
          const auto begin = each.data.begin() + static_cast<std::ptrdiff_t>(row * tokens);
          EXPECT_NEAR(std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(tokens), 0.0), 1,
                      1e-5)
              << each.name;
        }
      }
    }
  }
}

// A decoder's token has nothing from those behind it.
TEST(Decomposition, NothingComesFromWhatIsNotSeen) {
  for (const char* method :
       {"raw_attention", "attention_rollout", "norm_rollout", "alti", "value_zeroing"}) {
    const Explanation found = explain(open("llama-lm"), method);
    const LayerTable& rollout = found.layers->front();
    const std::size_t tokens = found.tokens.size();
    for (std::size_t at = 0; at < rollout.data.size(); ++at) {
      if (at % tokens > at / tokens % tokens) {
        EXPECT_EQ(rollout.data[at], 0) << method;
      }
    }
  }
}

TEST(Decomposition, RowsAreThoseOfTheTokensRead) {
  const auto row_of = [](const Explanation& found, std::size_t row) {
    const LayerTable& rollout = table(found, "rollout");
    const std::size_t tokens = found.tokens.size();
    const auto last = rollout.data.end() - static_cast<std::ptrdiff_t>(tokens * (tokens - row));
    return std::vector<float>(last, last + static_cast<std::ptrdiff_t>(tokens));
  };
  const Explanation first = explain(open("bert-cls"), "alti");
  EXPECT_EQ(first.attributions[0].scores, row_of(first, 0));
  const Explanation chosen = explain(open("bert-cls"), "alti", {{"row", "3"}});
  EXPECT_EQ(chosen.attributions[0].scores, row_of(chosen, 3));
  const Explanation last = explain(open("gpt2-cls"), "alti");
  EXPECT_EQ(last.attributions[0].scores, row_of(last, last.tokens.size() - 1));
  const Explanation mask =
      explain(open("bert-mlm"), "alti", {}, {"predicted"}, {.text = "a [MASK] film"});
  EXPECT_EQ(mask.attributions[0].scores, row_of(mask, 2));
  const Explanation label = explain(open("bert-ner"), "alti", {}, {"token:4", "token:2"});
  EXPECT_EQ(label.attributions[0].scores, row_of(label, 4));
  EXPECT_EQ(label.attributions[1].scores, row_of(label, 2));
  Input input{.text = "a good", .continuation = " film"};
  const Explanation output = explain(open("gpt2-lm"), "alti", {}, {"predicted"}, input);
  const auto position = static_cast<std::size_t>(*output.attributions[0].position);
  for (std::size_t i = 0; i < position; ++i) {
    EXPECT_EQ(output.attributions[0].scores[i], row_of(output, position - 1)[i]);
  }
}

TEST(Decomposition, AnEarlierLayersRowOnRequest) {
  const Subject subject = open("bert-cls");
  const Explanation found = explain(subject, "alti", {{"through", "0"}});
  const LayerTable& rollout = table(found, "rollout");
  EXPECT_EQ(
      found.attributions[0].scores,
      std::vector<float>(rollout.data.begin(),
                         rollout.data.begin() + static_cast<std::ptrdiff_t>(found.tokens.size())));
}

TEST(Decomposition, RefusesModelsOutsideItsScope) {
  const auto refused = [](const std::string& name, const std::string& method,
                          OptionValues options = {}) {
    return test::error_of(Code::kUnsupported,
                          [&] { explain(open(name), method, std::move(options)); });
  };
  EXPECT_EQ(refused("bert-cls", "alti_logit"),
            "[alti_logit] BertForSequenceClassification has layers that end with a norm; expected "
            "a model whose layers begin with one, as GPT-2's.");
  EXPECT_EQ(refused("modernbert-cls", "alti_logit"),
            "[alti_logit] ModernBertForSequenceClassification has a head that is not linear; "
            "expected a logit that is linear in the last hidden state.");
  EXPECT_EQ(refused("llama-lm", "decompx"),
            "[decompx] LlamaForCausalLM has layers that begin with a norm; expected a model whose "
            "layers end with one, as BERT's.");
  EXPECT_EQ(refused("gpt2-cls", "globenc"),
            "[globenc] GPT2ForSequenceClassification has layers that begin with a norm; expected "
            "a model whose layers end with one, as BERT's.");
  EXPECT_EQ(refused("gpt2-cls", "alti", {{"after", "second"}}),
            "[alti] after is second, and the model's layers begin with norms; expected first: no "
            "norm comes after the second block.");
  EXPECT_EQ(refused("bert-cls", "decompx", {{"score", "probability"}}),
            "[score] \"probability\" was given for decompx; expected logit: its shares add up to "
            "nothing else.");
  EXPECT_EQ(test::error_of(Code::kUnsupported, [] { explain(test::linear_toy().subject, "alti"); }),
            "[alti] Linear has no attention layers; expected a Transformer.");
}

TEST(Decomposition, RefusesLayersAndRowsThatAreNotThere) {
  const Subject subject = open("bert-cls");
  const auto refused = [&](OptionValues options) {
    return test::error_of(Code::kInvalidArgument,
                          [&] { explain(subject, "alti", std::move(options)); });
  };
  EXPECT_EQ(refused({{"through", "3"}}), "[alti] through is \"3\"; expected 0 to 2.");
  EXPECT_EQ(refused({{"row", "40"}}), "[row] \"40\" is no token of the text; expected 0 to 8.");
}

}  // namespace
}  // namespace ascribo
