// SPDX-License-Identifier: MIT
// What users can get wrong when explanations are judged, and what they are told.
#include <gtest/gtest.h>

#include "ascribo/base/error.h"
#include "tests/metrics/toys.h"

namespace ascribo {
namespace {

using test::as_listed;
using test::judge_scores;

template <class Action>
std::string message(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

const Subject& critic() {
  static const Subject subject = Subject::open(test::golden_folder() / "bert-cls");
  return subject;
}

std::string judged(const std::string& metric, const Input& input,
                   const std::string& method = "saliency") {
  return message([&] { evaluate(critic(), input, {.method = method}, {parse_metric(metric)}); });
}

TEST(BadMetric, Names) {
  EXPECT_EQ(message([] { parse_metric("deletoin"); }),
            "[metric] \"deletoin\" is not a metric; expected completeness, complexity, "
            "comprehensiveness, deletion, infidelity, insertion, leave_one_out, "
            "plausibility_auprc, plausibility_f1, plausibility_iou, randomization, "
            "sensitivity_max, sparseness or sufficiency. Hint: did you mean \"deletion\"?");
  EXPECT_EQ(
      message([] { parse_metric("deletion:points"); }),
      "[metric] \"points\" was given in \"deletion:points\"; expected OPTION=VALUE after each "
      "colon. Hint: deletion has the options replace, score, points and share");
  EXPECT_EQ(judged("deletion:points=0", {.text = "a film"}),
            "[deletion] points is \"0\"; expected at least 1.");
  EXPECT_EQ(judged("comprehensiveness:bins=0.5,2", {.text = "a film"}),
            "[comprehensiveness] bins is \"0.5,2\"; expected shares above 0 and at most 1 with a "
            "space between. Hint: bins=\"0.1 0.2 0.5\"");
  EXPECT_EQ(judged("sufficiency:bins=0.5:one_by_one=3", {.text = "a film"}),
            "[sufficiency] both bins and one_by_one were given; expected one of them.");
}

TEST(BadMetric, NoMetric) {
  EXPECT_EQ(message([] { evaluate(critic(), {.text = "a film"}, {}, {}); }),
            "[metric] none was given; expected at least one metric.");
}

TEST(BadMetric, OneUnit) {
  EXPECT_EQ(
      judged("deletion", {.text = "film"}),
      "[deletion] the text has one unit, \"film\"; expected at least two to rank. Hint: use a "
      "smaller --unit");
}

TEST(BadMetric, MethodWithoutWhatItNeeds) {
  EXPECT_EQ(judged("completeness", {.text = "a film"}),
            "[completeness] saliency does not have what it needs; expected a method with a promise "
            "of completeness. Hint: `ascribo methods NAME` says what a method promises");
}

TEST(BadRationale, NoneOrNotWholeUnits) {
  EXPECT_EQ(judged("plausibility_iou", {.text = "a film"}),
            "[plausibility_iou] the text has no rationale; expected \"rationale\": [[START, END], "
            "...] in its row.");
  Input crossing{.text = "a gripping film"};
  crossing.rationale = {{"", Side::kText, 2, 5}};
  EXPECT_EQ(judged("plausibility_auprc", crossing),
            "[plausibility_auprc] the rationale (2 to 5) begins or ends inside \"gripping\" (2 to "
            "10); expected whole units. Hint: count in code points, or use a smaller --unit");
  crossing.rationale = {{"", Side::kText, 40, 45}};
  EXPECT_EQ(judged("plausibility_auprc", crossing),
            "[plausibility_auprc] the rationale (40 to 45) covers no unit of the text; expected "
            "offsets in code points, the end behind the last.");
}

// Saved explanations of this text, changed by `change`.
std::string saved(const std::function<void(Explanation&)>& change,
                  const std::string& metric = "deletion") {
  Explanation explanation = critic().explain({.text = "a funny film"}, {.method = "saliency"});
  change(explanation);
  SavedStream stream;
  stream.next = [&, given = false]() mutable -> std::optional<Explanation> {
    return std::exchange(given, true) ? std::nullopt : std::optional(explanation);
  };
  return message([&] { evaluate_saved(critic(), stream, {parse_metric(metric)}); });
}

constexpr const char* kSameTools =
    ". Hint: scores can only be judged with the tokenizer and model that they were made with";

TEST(BadSaved, ScoresOfAnotherTextTokenizerOrTarget) {
  EXPECT_EQ(saved([](Explanation&) {}), "nothing was thrown");
  EXPECT_EQ(
      saved([](Explanation& e) { e.tokens[2].end = 8; }),
      std::string("[explanation] its token 2 is \"funny\" (508) at 2 to 8; expected \"funny\" "
                  "(508) at 2 to 7, as this tokenizer reads the text") +
          kSameTools);
  EXPECT_EQ(saved([](Explanation& e) { e.tokens[2].id = 7; }),
            std::string("[explanation] its token 2 is \"funny\" (7) at 2 to 7; expected \"funny\" "
                        "(508) at 2 to 7, as this tokenizer reads the text") +
                kSameTools);
  EXPECT_EQ(
      saved([](Explanation& e) { e.tokens.pop_back(); }),
      std::string("[explanation] it has 4 tokens; expected the 5 that this tokenizer makes of "
                  "the text") +
          kSameTools);
  EXPECT_EQ(
      saved([](Explanation& e) { e.units[1].end = 4; }),
      std::string("[explanation] its unit 1 is \"funny\" at 2 to 4; expected \"funny\" at 2 to "
                  "7") +
          kSameTools);
  EXPECT_EQ(saved([](Explanation& e) { e.attributions[0].scores.pop_back(); }),
            "[explanation] it has 2 scores for \"" + critic().labels()[0] +
                "\"; expected one for each of the 3 units" + kSameTools);
}

TEST(BadSaved, MetricsThatRunTheMethodAgain) {
  EXPECT_EQ(saved([](Explanation&) {}, "sensitivity_max"),
            "[sensitivity_max] saved explanations were given; expected a method: it is run again, "
            "on other values. Hint: leave the metric out");
}

TEST(BadReplacement, IsSaidInTheNameOfTheMetric) {
  EXPECT_EQ(judged("comprehensiveness:replace=deleet", {.text = "a film"}).find("[replace] "), 0u);
}

}  // namespace
}  // namespace ascribo
