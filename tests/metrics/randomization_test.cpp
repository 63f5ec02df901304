// SPDX-License-Identifier: MIT
// Whether random weights tell a method of the model from one that is not.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "ascribo/base/error.h"
#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/stream.h"
#include "tests/metrics/toys.h"

namespace ascribo {
namespace {

// Scores that any model would get: the length of each word.
void run_length(const OptionValues&, std::span<Task> tasks, Scorer&) {
  for (Task& task : tasks) {
    for (Attribution& attribution : task.result.attributions) {
      attribution.scores.clear();
      for (const UnitInfo& unit : task.result.units) {
        attribution.scores.push_back(static_cast<float>(unit.text.size()));
      }
    }
  }
}

const Method& length_method() {
  static const Method method = [] {
    Method length;
    length.name = "length";
    length.run = run_length;
    return length;
  }();
  return method;
}

// What the metric says of a few texts under a method, or under one that is in no table.
std::vector<Measure> judge(const std::string& model, const OptionValues& options,
                           const std::string& method, const Method* instead = nullptr) {
  const Subject subject = Subject::open(test::golden_folder() / model);
  std::vector<Measure> found;
  const std::vector<std::string> texts = {"a gripping, funny film that never loses its nerve.",
                                          "I didn't like it... at ALL!",
                                          "The plot is thin, the cast is not."};
  Subject::Stream stream;
  stream.next = [&, next = std::size_t{0}]() mutable -> std::optional<Input> {
    if (next == texts.size()) return std::nullopt;
    return Input{.text = texts[next++]};
  };
  stream.done = [](const Explanation&) {};
  Examiner examiner;
  examiner.examine = [&](const Examined& examined, Scorer& scorer) {
    MethodRequest request = examined.method;
    if (instead != nullptr) {
      request.method = instead;
      instead->run({}, examined.tasks, scorer);
    }
    std::vector<Judged> judged;
    for (const Task& task : examined.tasks) {
      const std::vector<float>& scores = task.result.attributions[0].scores;
      judged.push_back({nullptr, {{scores.begin(), scores.end()}}, &request});
    }
    for (Measure& each :
         find_metric("randomization").run(options, examined.tasks, judged, scorer)) {
      found.push_back(std::move(each));
    }
  };
  explain_stream(subject.parts(), stream, {.method = method}, &examiner);
  return found;
}

double mean_magnitude(const std::vector<Measure>& measures) {
  double sum = 0;
  for (const Measure& each : measures) sum += std::abs(each.value);
  return sum / static_cast<double>(measures.size());
}

const OptionValues kCascade = {{"cascade", "yes"}};

TEST(Randomization, TellsAGradientMethodFromOneThatIsNotOfTheModel) {
  EXPECT_DOUBLE_EQ(mean_magnitude(judge("bert-cls", {}, "saliency", &length_method())), 1);
  EXPECT_LT(mean_magnitude(judge("bert-cls", {}, "input_x_gradient")), 0.5);
}

TEST(Randomization, LayerByLayerTellsThemApartToo) {
  for (const Measure& each : judge("bert-cls", kCascade, "saliency", &length_method())) {
    for (const double agreement : each.targets.at(0).curve) EXPECT_DOUBLE_EQ(agreement, 1);
    EXPECT_DOUBLE_EQ(each.value, 1);
  }
  for (const Measure& each : judge("bert-cls", kCascade, "input_x_gradient")) {
    EXPECT_DOUBLE_EQ(each.targets.at(0).curve.front(), 1);
    EXPECT_LT(each.value, 0.7);
  }
}

// Three layers, what is above them and what is below; the last step is all weights at once.
TEST(Randomization, GoesDownFromTheHeadToTheWordTable) {
  const auto cascade = judge("bert-cls", kCascade, "input_x_gradient");
  const auto at_once = judge("bert-cls", {}, "input_x_gradient");
  ASSERT_EQ(cascade.size(), at_once.size());
  for (std::size_t i = 0; i < cascade.size(); ++i) {
    const TargetMeasure& found = cascade[i].targets.at(0);
    EXPECT_EQ(found.counts, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(found.curve.back(), at_once[i].value);
    EXPECT_DOUBLE_EQ(found.value,
                     std::accumulate(found.curve.begin() + 1, found.curve.end(), 0.0) / 5);
  }
}

// ALBERT's layers are one; GPT-2 has nothing between its layers and a head without bias.
TEST(Randomization, KnowsEachFamilysNames) {
  EXPECT_EQ(judge("albert-cls", kCascade, "input_x_gradient")[0].targets.at(0).counts.size(), 4U);
  EXPECT_EQ(judge("gpt2-cls", kCascade, "input_x_gradient")[0].targets.at(0).counts.size(), 6U);
}

// The head alone: what the layers make of the text is the same, so that a method that looks at them
// and not at the answer does not change.
TEST(Randomization, BeginsAboveTheLayers) {
  for (const Measure& each : judge("bert-cls", kCascade, "raw_attention")) {
    EXPECT_DOUBLE_EQ(each.targets.at(0).curve.at(1), 1);
    EXPECT_LT(each.targets.at(0).curve.back(), 1);
  }
}

TEST(Randomization, NeedsACheckpoint) {
  const test::Toy toy = test::two_word_toy();
  try {
    evaluate(toy.subject, {.text = "good film"}, {.method = "saliency"},
             {parse_metric("randomization")});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "[model] it was not opened from a folder with config.json; expected a checkpoint "
                 "whose weights can be drawn anew.");
  }
}

}  // namespace
}  // namespace ascribo
