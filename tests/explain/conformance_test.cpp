// SPDX-License-Identifier: MIT
// What every method in the table must do, by what it declares about itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ascribo/base/error.h"
#include "ascribo/base/threads.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/subject.h"
#include "ascribo/models/model.h"
#include "tests/explain/toy_subject.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

const std::vector<std::string> kTexts = {
    "a gripping, funny film that never loses its nerve.", "Bad.", "it is not a good film.",
    "I didn't like it... at ALL!",
    "the acting was wonderful but the plot was dull. it ran far too long to hold; what a waste!"};

// For methods whose cost grows too fast for those.
const std::vector<std::string> kShortTexts = {"it is not a good film.", "Bad.", "not good",
                                              "i like it", "it is a good film"};

Input text(const std::string& written) {
  Input input;
  input.text = written;
  return input;
}

// Every number of a result, to be compared bit for bit; the cost is no part of it.
std::vector<double> numbers(const Explanation& explanation) {
  std::vector<double> all;
  const auto add = [&](const auto& values) { all.insert(all.end(), values.begin(), values.end()); };
  add(explanation.prediction.logits);
  for (const Attribution& attribution : explanation.attributions) {
    all.push_back(attribution.value);
    all.push_back(attribution.baseline_value.value_or(-1));
    all.push_back(attribution.delta.value_or(-1));
    all.push_back(attribution.special.value_or(-1));
    add(attribution.scores);
    if (attribution.values) add(*attribution.values);
    if (attribution.standard_error) add(*attribution.standard_error);
  }
  for (const LayerTable& table : explanation.layers.value_or(std::vector<LayerTable>())) {
    add(table.data);
  }
  return all;
}

double sum(const std::vector<float>& scores) {
  return std::accumulate(scores.begin(), scores.end(), 0.0);
}

class MethodConformance : public testing::TestWithParam<const Method*> {
 protected:
  const Method& method = *GetParam();
  // One in the method's scope.
  Subject subject = Subject::open(test::golden_folder() /
                                  (method.scope == Scope::kPreNorm ? "gpt2-cls" : "bert-cls"));

  const std::vector<std::string>& texts = method.most_units > 0 ? kShortTexts : kTexts;

  bool has_option(const std::string& name) const {
    const std::vector<OptionInfo> options = method.options();
    return std::any_of(options.begin(), options.end(),
                       [&](const OptionInfo& option) { return option.name == name; });
  }

  // Every option that has a value, and no other.
  void expect_options_reported(const Explanation& found) const {
    std::vector<std::string> reported;
    for (const auto& [name, value] : found.method.options) {
      reported.push_back(name);
      EXPECT_TRUE(has_option(name)) << name;
    }
    for (const OptionInfo& option : method.options()) {
      if (option.default_value.empty()) continue;
      EXPECT_EQ(std::count(reported.begin(), reported.end(), option.name), 1) << option.name;
    }
  }

  Request request(OptionValues options = {}) const {
    Request request;
    request.method = method.name;
    request.targets = {"all"};
    request.options = std::move(options);
    return request;
  }

  std::vector<Explanation> explain_all(const std::vector<std::string>& texts,
                                       const Request& how) const {
    std::vector<Explanation> results;
    std::size_t next = 0;
    subject.explain({.next = [&]() -> std::optional<Input> {
                       if (next == texts.size()) return std::nullopt;
                       return text(texts[next++]);
                     },
                     .done = [&](Explanation result) { results.push_back(std::move(result)); }},
                    how);
    return results;
  }
};

TEST_P(MethodConformance, DescribesItself) {
  EXPECT_EQ(&find_method(method.name), &method);
  for (std::string_view text : {method.summary, method.formula, method.paper, method.cost}) {
    EXPECT_FALSE(text.empty());
  }
  std::vector<std::string> shared;
  for (const OptionInfo& option : request_options()) shared.push_back(option.name);
  for (const OptionInfo& option : method.options()) {
    EXPECT_FALSE(option.help.empty()) << option.name;
    EXPECT_EQ(std::count(shared.begin(), shared.end(), option.name), 0) << option.name;
  }
}

TEST_P(MethodConformance, GivesOneFiniteScorePerUnitAndTarget) {
  for (const char* unit : {"all_tokens", "token", "word", "text_word", "clause", "sentence"}) {
    for (const char* score : {"logit", "probability", "log_probability"}) {
      if (method.only_logits && score != std::string("logit")) continue;
      const Explanation found =
          subject.explain(text(texts[0]), request({{"unit", unit}, {"score", score}}));
      ASSERT_EQ(found.attributions.size(), 3U);
      for (const Attribution& attribution : found.attributions) {
        ASSERT_EQ(attribution.scores.size(), found.units.size());
        for (float value : attribution.scores) EXPECT_TRUE(std::isfinite(value));
        EXPECT_NE(sum(attribution.scores), 0);
      }
      EXPECT_EQ(found.method.name, method.name);
      expect_options_reported(found);
      EXPECT_EQ(found.baseline.has_value(), method.has_baseline);
      EXPECT_GT(found.cost.forward_tokens, 0);
    }
  }
}

TEST_P(MethodConformance, GivesTheSameBytesAgain) {
  const Request how = request({{"seed", "7"}});
  EXPECT_EQ(numbers(subject.explain(text(texts[0]), how)),
            numbers(subject.explain(text(texts[0]), how)));
}

TEST_P(MethodConformance, DrawsAsItSays) {
  const Explanation found = subject.explain(text(texts[0]), request({{"seed", "1"}}));
  const Explanation other = subject.explain(text(texts[0]), request({{"seed", "2"}}));
  for (const Attribution& attribution : found.attributions) {
    ASSERT_EQ(attribution.standard_error.has_value(), method.is_sampled);
    if (!method.is_sampled) continue;
    ASSERT_EQ(attribution.standard_error->size(), attribution.scores.size());
    for (const float error : *attribution.standard_error) EXPECT_TRUE(error >= 0);
  }
  EXPECT_EQ(numbers(found) != numbers(other), method.is_sampled);
}

TEST_P(MethodConformance, TakesMasksThatItGave) {
  if (!method.takes_masks) return;
  const Explanation found = subject.explain(text(texts[0]), request({{"keep_masks", "yes"}}));
  ASSERT_TRUE(found.masks);
  Input again = text(texts[0]);
  again.masks = *found.masks;
  EXPECT_EQ(numbers(subject.explain(again, request({{"seed", "5"}}))), numbers(found));
}

TEST_P(MethodConformance, HasRecipesThatRun) {
  if (!method.recipes) return;
  for (const Recipe& recipe : method.recipes()) {
    const Explanation found =
        subject.explain(text(texts[0]), request({{"compat", std::string(recipe.library)}}));
    for (const float score : found.attributions[0].scores) EXPECT_TRUE(std::isfinite(score));
    EXPECT_EQ(
        found.notes.empty() || recipe.note.empty() ||
            std::find(found.notes.begin(), found.notes.end(), recipe.note) != found.notes.end(),
        true);
  }
}

TEST_P(MethodConformance, DoesNotDependOnTheSizeOfBatches) {
  const auto of_size = [&](const std::string& tokens) {
    std::vector<std::vector<double>> all;
    for (const Explanation& found :
         explain_all(texts, request({{"batch_tokens", tokens}, {"values", "yes"}}))) {
      all.push_back(numbers(found));
    }
    return all;
  };
  const auto expected = of_size("64");
  EXPECT_EQ(of_size("1"), expected);
  EXPECT_EQ(of_size("4096"), expected);
}

TEST_P(MethodConformance, DoesNotDependOnNeighboursOrTheirOrder) {
  std::vector<std::string> reversed(texts.rbegin(), texts.rend());
  const std::vector<Explanation> forward = explain_all(texts, request());
  const std::vector<Explanation> backward = explain_all(reversed, request());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto alone = numbers(subject.explain(text(texts[i]), request()));
    EXPECT_EQ(forward[i].input.text, texts[i]);
    EXPECT_EQ(numbers(forward[i]), alone);
    EXPECT_EQ(numbers(backward[texts.size() - 1 - i]), alone);
  }
}

TEST_P(MethodConformance, DoesNotDependOnTheNumberOfThreads) {
  set_threads(1);
  const auto one = numbers(subject.explain(text(texts[4]), request()));
  set_threads(3);
  const auto three = numbers(subject.explain(text(texts[4]), request()));
  set_threads(0);
  EXPECT_EQ(one, three);
}

TEST_P(MethodConformance, IsUnaffectedByACallThatFailed) {
  const auto expected = numbers(subject.explain(text(texts[0]), request()));
  EXPECT_THROW(subject.explain(text("\xff"), request()), Error);
  EXPECT_THROW(subject.explain(text(texts[0]), request({{"batch_tokens", "none"}})), Error);
  EXPECT_EQ(numbers(subject.explain(text(texts[0]), request())), expected);
}

// Where a tolerance can be given, it is what the sum is held to.
TEST_P(MethodConformance, ScoresAddUpWhereItPromisesCompleteness) {
  Request how = request();
  if (method.completeness && has_option("tolerance")) how.options["tolerance"] = "0.0001";
  for (const Explanation& found : explain_all(texts, how)) {
    for (const Attribution& attribution : found.attributions) {
      // Sampled paths add up in expectation: what chance left is told, not promised.
      const bool in_expectation = method.has_baseline && method.is_sampled;
      EXPECT_EQ(attribution.baseline_value.has_value(), method.completeness || in_expectation);
      ASSERT_EQ(attribution.delta.has_value(), method.completeness || in_expectation);
      if (!attribution.delta) continue;
      const double change = attribution.value - *attribution.baseline_value;
      EXPECT_NEAR(sum(attribution.scores) + attribution.special.value_or(0) - change,
                  *attribution.delta, 2e-6);
      if (!method.completeness) continue;
      EXPECT_NEAR(*attribution.delta, 0, 1e-4);
    }
  }
}

TEST_P(MethodConformance, LosesNothingThatSpecialTokensReceived) {
  const Explanation all = subject.explain(text(texts[0]), request({{"unit", "all_tokens"}}));
  const Explanation rest = subject.explain(text(texts[0]), request({{"unit", "token"}}));
  const Explanation kept =
      subject.explain(text(texts[0]), request({{"unit", "token"}, {"special", "keep"}}));
  const Explanation dropped =
      subject.explain(text(texts[0]), request({{"unit", "token"}, {"special", "drop"}}));
  ASSERT_EQ(kept.units.size(), all.units.size());
  const auto special = std::count_if(all.tokens.begin(), all.tokens.end(),
                                     [](const TokenInfo& token) { return token.special; });
  EXPECT_EQ(dropped.units.size(), all.units.size() - static_cast<std::size_t>(special));
  for (std::size_t k = 0; k < all.attributions.size(); ++k) {
    EXPECT_EQ(kept.attributions[k].scores, all.attributions[k].scores);
    EXPECT_FALSE(kept.attributions[k].special || all.attributions[k].special);
    EXPECT_FALSE(dropped.attributions[k].special);
    EXPECT_EQ(dropped.attributions[k].scores, rest.attributions[k].scores);
    if (!rest.attributions[k].special) continue;
    EXPECT_NEAR(sum(rest.attributions[k].scores) + *rest.attributions[k].special,
                sum(all.attributions[k].scores), 1e-5);
    EXPECT_FALSE(dropped.notes.empty());
  }
}

// With nothing but zeros in place of a token, a linear model's token is worth weight x embedding.
TEST_P(MethodConformance, IsExactOnALinearModelWhereItPromisesTo) {
  if (!method.exact_on_linear) return;
  const test::Toy toy = test::linear_toy();
  Request how = request({{"unit", "all_tokens"}});
  if (has_option("baseline")) how.options["baseline"] = "zero";
  if (has_option("replace")) how.options["replace"] = "zero";
  const Explanation found = toy.subject.explain(text(texts[0]), how);
  for (const Attribution& attribution : found.attributions) {
    for (std::size_t i = 0; i < found.tokens.size(); ++i) {
      const std::vector<float> word =
          toy.model->word_embeddings({found.tokens[i].id}).to_vector<float>();
      double expected = 0;
      for (std::size_t d = 0; d < word.size(); ++d) {
        expected +=
            static_cast<double>(word[d]) *
            static_cast<double>(toy.model->weight(static_cast<std::int64_t>(i),
                                                  static_cast<std::size_t>(attribution.index), d));
      }
      EXPECT_NEAR(attribution.scores[i], expected, 2e-5);
    }
  }
}

TEST_P(MethodConformance, FindsTheKeyword) {
  // The gradient of a linear model is the same whatever the text is: it says nothing of words.
  if (method.family == Family::kGradient && !method.exact_on_linear) return;
  if (method.scope != Scope::kAnyModel) return;  // it has no layers
  const test::Toy toy = test::keyword_toy("good");
  const Explanation found = toy.subject.explain(text("it is not a good film."), request());
  EXPECT_EQ(found.prediction.label, "there");
  for (const Attribution& attribution : found.attributions) {
    const auto best = std::max_element(attribution.scores.begin(), attribution.scores.end(),
                                       [](float a, float b) { return std::abs(a) < std::abs(b); });
    const auto at = static_cast<std::size_t>(best - attribution.scores.begin());
    EXPECT_EQ(found.units[at].text, "good");
    EXPECT_EQ(*best > 0, attribution.target == "there" || !method.is_signed);
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, MethodConformance, testing::ValuesIn(methods()),
                         [](const auto& info) { return std::string(info.param->name); });

}  // namespace
}  // namespace ascribo
