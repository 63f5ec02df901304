// SPDX-License-Identifier: MIT
// Texts that run in parts are judged by what their parts say: windows by the mean, two
// continuations by the difference. Every score is asked of the model again, part by part.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ascribo/metrics/comparison/compare.h"
#include "ascribo/text/tokenizer.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

std::int64_t id_of(const Subject& subject, const char* token) {
  return *subject.tokenizer().find_token(token);
}

// The units of a target from the highest score to the lowest.
std::vector<std::size_t> ranked(const std::vector<float>& scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  return order;
}

// The text's ids with the first `count` units hidden.
std::vector<std::int64_t> hidden(const Explanation& explanation, std::size_t count,
                                 std::int64_t stand_in) {
  std::vector<std::int64_t> ids;
  for (const TokenInfo& token : explanation.tokens) ids.push_back(token.id);
  const std::vector<std::size_t> order = ranked(explanation.attributions.at(0).scores);
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::int64_t token : explanation.units[order[i]].tokens) {
      ids[static_cast<std::size_t>(token)] = stand_in;
    }
  }
  return ids;
}

class LongText : public testing::Test {
 protected:
  static const Subject& subject() {
    static const Subject model = Subject::open(test::golden_folder() / "bert-cls");
    return model;
  }
  static Evaluation judge(const std::string& method, const std::vector<std::string>& metrics) {
    std::vector<MetricRequest> requests;
    for (const std::string& metric : metrics) requests.push_back(parse_metric(metric));
    return evaluate(subject(), kWhole, request(method), requests);
  }
  static Request request(const std::string& method) {
    return {.method = method, .targets = {"positive"}, .options = kOptions};
  }
  // The mean over the windows, which are named by the places of their tokens.
  static double mean(const std::vector<std::int64_t>& ids, bool probability) {
    double sum = 0;
    for (const std::vector<std::size_t>& window : kWindows) {
      Input input;
      for (const std::size_t place : window) input.input_ids.push_back(ids[place]);
      const std::vector<float> logits = subject().predict(input).logits;
      const double own = static_cast<double>(logits.at(kPositive));
      double all = 0;
      for (const float logit : logits) all += std::exp(static_cast<double>(logit));
      sum += probability ? std::exp(own) / all : own;
    }
    return sum / static_cast<double>(kWindows.size());
  }

  static inline const OptionValues kOptions{{"window", "8"}, {"stride", "3"}, {"unit", "token"}};
  static inline const Input kWhole{
      .input_ids = {2, 25, 413, 478, 107, 150, 7, 508, 197, 183, 673, 3}};
  static inline const std::vector<std::vector<std::size_t>> kWindows = {
      {0, 1, 2, 3, 4, 5, 6, 11}, {0, 4, 5, 6, 7, 8, 9, 11}, {0, 5, 6, 7, 8, 9, 10, 11}};
  static inline const std::size_t kPositive = static_cast<std::size_t>(
      std::find(subject().labels().begin(), subject().labels().end(), "positive") -
      subject().labels().begin());
};

TEST_F(LongText, CurvesAreTheMeanOfThoseOfTheWindows) {
  const Evaluation found = judge("occlusion", {"deletion", "deletion:score=logit"});
  for (const bool probability : {true, false}) {
    const TargetMeasure& measure = found.metrics.at(probability ? 0 : 1)[0]->targets.at(0);
    ASSERT_EQ(measure.curve.size(), 11U);
    for (std::size_t count = 0; count < measure.curve.size(); ++count) {
      const auto ids = hidden(found.explanation, count, id_of(subject(), "[MASK]"));
      EXPECT_NEAR(measure.curve[count], mean(ids, probability), 1e-6) << count;
    }
  }
}

// Occlusion is leave-one-out, and its scores are said of the mean as well.
TEST_F(LongText, OcclusionAgreesWithLeavingOneOut) {
  const Evaluation found =
      judge("occlusion", {"leave_one_out:replace=mask:score=explained", "infidelity:samples=5"});
  EXPECT_DOUBLE_EQ(found.metrics.at(0)[0]->value, 1);
  EXPECT_TRUE(std::isfinite(found.metrics.at(1)[0]->value));
}

TEST_F(LongText, MethodsRunAgain) {
  const Evaluation found =
      judge("input_x_gradient", {"sensitivity_max:samples=1:radius=0.0001", "randomization"});
  EXPECT_GT(found.metrics.at(0)[0]->value, 0);
  EXPECT_LT(found.metrics.at(0)[0]->value, 0.1);
  EXPECT_LT(std::abs(found.metrics.at(1)[0]->value), 1);
}

TEST_F(LongText, SavedScoresAreJudgedInTheSameWindows) {
  const std::vector<MetricRequest> metrics = {parse_metric("deletion"), parse_metric("infidelity")};
  const Input text{.text = "a gripping, funny film that never loses its nerve."};
  const Evaluation computed = evaluate(subject(), text, request("occlusion"), metrics);
  SavedStream stream;
  stream.next = [&, given = false]() mutable -> std::optional<Explanation> {
    return std::exchange(given, true) ? std::nullopt : std::optional(computed.explanation);
  };
  const Comparison found =
      compare_saved(subject(), stream, metrics, {}, {{"window", "8"}, {"stride", "3"}});
  for (std::size_t m = 0; m < 2; ++m) {
    EXPECT_NEAR(found.rows.at(0).cells.at(m)->mean, computed.metrics[m][0]->value, 1e-6);
  }
}

class TwoContinuations : public testing::Test {
 protected:
  static const Subject& subject() {
    static const Subject model = Subject::open(test::golden_folder() / "gpt2-lm");
    return model;
  }
  static Input input() {
    Input input{.text = "I did not like the plot"};
    input.continuation = kThis;
    return input;
  }
  // What the model gives a continuation of the prompt alone.
  static double probability(std::vector<std::int64_t> prompt, const std::string& text) {
    Input input{.input_ids = std::move(prompt)};
    input.continuation_ids = subject().tokenizer().encode(text, {}, false).ids;
    return static_cast<double>(*subject().predict(input).probability);
  }
  static constexpr const char *kThis = " surprisingly good", *kThat = " dull and long";
  static inline const Request kRequest{.method = "occlusion", .options = {{"versus", kThat}}};
};

TEST_F(TwoContinuations, CurvesAreTheDifferenceOfTheirProbabilities) {
  const Evaluation found = evaluate(subject(), input(), kRequest, {parse_metric("deletion")});
  const TargetMeasure& measure = found.metrics.at(0)[0]->targets.at(0);
  ASSERT_EQ(measure.curve.size(), 7U);  // six words
  const std::size_t written = found.explanation.output->ids.size();
  for (std::size_t count = 0; count < measure.curve.size(); ++count) {
    auto ids = hidden(found.explanation, count, id_of(subject(), "<|endoftext|>"));
    ids.resize(ids.size() - written);
    const double difference = probability(ids, kThis) - probability(ids, kThat);
    EXPECT_NEAR(measure.curve[count], difference, 1e-6 * std::abs(difference) + 1e-12) << count;
  }
}

TEST_F(TwoContinuations, OcclusionAgreesWithLeavingOneOut) {
  const Evaluation found =
      evaluate(subject(), input(), kRequest,
               {parse_metric("leave_one_out:replace=mask:score=explained"),
                parse_metric("comprehensiveness:score=explained:replace=mask:bins=1")});
  EXPECT_DOUBLE_EQ(found.metrics.at(0)[0]->value, 1);
  EXPECT_TRUE(std::isfinite(found.metrics.at(1)[0]->value));
}

TEST_F(TwoContinuations, SavedScoresAreJudgedAgainstTheSameOther) {
  const std::vector<MetricRequest> metrics = {parse_metric("deletion"), parse_metric("infidelity")};
  std::vector<Evaluation> computed;
  std::vector<Explanation> saved;
  for (const char* other : {kThat, " not"}) {
    Input one = input();
    one.targets = {"output"};
    one.versus = std::string("output=") + other;
    computed.push_back(evaluate(subject(), one, {.method = "occlusion"}, metrics));
    saved.push_back(computed.back().explanation);
  }
  EXPECT_NE(saved[0].attributions[0].value, saved[1].attributions[0].value);
  SavedStream stream;
  std::size_t next = 0;
  stream.next = [&]() -> std::optional<Explanation> {
    return next < saved.size() ? std::optional(saved[next++]) : std::nullopt;
  };
  std::vector<double> found;
  stream.done = [&](const Evaluation& evaluation) {
    for (const Judgements& each : evaluation.metrics) found.push_back(each[0]->value);
  };
  evaluate_saved(subject(), stream, metrics);
  ASSERT_EQ(found.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(found[i], computed[i / 2].metrics[i % 2][0]->value, 1e-9) << i;
  }
}

}  // namespace
}  // namespace ascribo
