// SPDX-License-Identifier: MIT
// Whole trainings: the folder that is left, going on after a stop, and what is refused.
#include "ascribo/study/fine_tune.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "ascribo/base/error.h"
#include "ascribo/explain/subject.h"
#include "ascribo/study/curves.h"
#include "tests/golden.h"

namespace ascribo::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FineTune : public testing::Test {
 protected:
  FineTune() {
    std::string rows = "sentence\tlabel\n";
    for (int i = 0; i < 10; ++i) {
      rows += "good film " + std::to_string(i) + "\tyes\n";
      rows += "bad film, number " + std::to_string(i) + "\tno\n";
    }
    write_text(folder_.path() / "rows.tsv", rows);
  }

  FineTuning request(const std::string& output) const {
    FineTuning request;
    request.model = golden_folder() / "bert-cls";
    request.train = request.dev = folder_.path() / "rows.tsv";
    request.output = folder_.path() / output;
    request.options.epochs = 2;
    request.options.learning_rate = 1e-3;
    return request;
  }

  std::string message(const FineTuning& request) const {
    try {
      fine_tune(request);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  TempFolder folder_;
};

TEST_F(FineTune, LeavesAFolderThatAnswersAsTheTrainedModel) {
  const FineTuned done = fine_tune(request("out"));
  EXPECT_TRUE(done.finished);
  EXPECT_EQ(done.step, 6);
  EXPECT_EQ(done.metric, "accuracy");
  const fs::path out = folder_.path() / "out";
  EXPECT_FALSE(fs::exists(folder_.path() / "out.unfinished"));
  const Subject subject = Subject::open(out);
  EXPECT_EQ(subject.labels(), (std::vector<std::string>{"no", "yes"}));
  EXPECT_THAT(subject.predict({.text = "good film"}).logits, testing::SizeIs(2));
  const std::string log = read_text(out / "training_log.jsonl");
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 6 + 2);
  EXPECT_THAT(log, HasSubstr("\"dev_accuracy\":"));
  EXPECT_THAT(read_text(out / "training.svg"), HasSubstr("<polyline"));
  // Safetensors under the published names, whatever the checkpoint calls them.
  const StoredTensors weights = read_tensors(out / "model.safetensors");
  EXPECT_TRUE(weights.contains("bert.encoder.layer.0.attention.self.query.weight"));
  EXPECT_TRUE(weights.contains("classifier.bias"));
}

TEST_F(FineTune, GoesOnToTheBitsOfAnUninterruptedRun) {
  fine_tune(request("whole"));
  for (const std::int64_t stop : {1, 3, 4}) {
    FineTuning stopped = request("stopped");
    stopped.overwrite = true;
    FineTuningEvents events;
    events.step = [&](const StepReport& report, std::int64_t) { return report.step < stop; };
    const FineTuned part = fine_tune(stopped, events);
    EXPECT_FALSE(part.finished);
    EXPECT_EQ(part.step, stop);
    stopped.resume = true;
    EXPECT_TRUE(fine_tune(stopped).finished);
    for (const char* name : {"model.safetensors", "training_log.jsonl", "config.json"}) {
      EXPECT_EQ(read_text(folder_.path() / "stopped" / name),
                read_text(folder_.path() / "whole" / name))
          << name << " after a stop at " << stop;
    }
  }
}

TEST_F(FineTune, GoesOnOnlyWithTheSameRequest) {
  FineTuning stopped = request("out");
  FineTuningEvents events;
  events.step = [](const StepReport&, std::int64_t) { return false; };
  fine_tune(stopped, events);
  EXPECT_THAT(message(stopped), HasSubstr("out.unfinished is there already; expected no "
                                          "unfinished training. Hint: --resume goes on with it"));
  stopped.resume = true;
  stopped.options.learning_rate = 1e-4;
  EXPECT_THAT(message(stopped), HasSubstr("[resume] it began with other options"));
}

TEST_F(FineTune, ADivergedRunNamesTheStepAndWhereTheBestModelIs) {
  FineTuning diverging = request("out");
  diverging.options.learning_rate = 1e30;
  diverging.options.evaluate_every = 1;
  diverging.options.warmup = 1;  // nothing moves in the first step
  EXPECT_THAT(message(diverging),
              testing::AllOf(testing::StartsWith("[train] the loss at step "),
                             HasSubstr(" is no number any more; expected one that gets smaller."),
                             HasSubstr(" The best model so far, of step 1, is in "),
                             testing::EndsWith("out.unfinished/best.")));
  EXPECT_TRUE(fs::exists(folder_.path() / "out.unfinished" / "best" / "model.safetensors"));
}

TEST_F(FineTune, StopsEarlyWhenNothingGetsBetter) {
  FineTuning patient = request("out");
  patient.options.learning_rate = 1e-12;
  patient.options.evaluate_every = 1;
  patient.options.patience = 2;
  const FineTuned done = fine_tune(patient);
  EXPECT_EQ(done.step, 3);
  EXPECT_EQ(done.best_step, 1);
}

TEST_F(FineTune, LearnsNumbersSeveralLabelsAndTokens) {
  write_text(folder_.path() / "numbers.tsv", "sentence\tlabel\ngood\t4.5\nbad\t1\nfilm\t2.5\n");
  FineTuning numbers = request("numbers");
  numbers.train = numbers.dev = folder_.path() / "numbers.tsv";
  numbers.objective = Objective::kNumber;
  EXPECT_EQ(fine_tune(numbers).metric, "pearson");
  EXPECT_EQ(Model::open(folder_.path() / "numbers")->info().problem, Problem::kRegression);
  write_text(folder_.path() / "tags.tsv",
             "sentence\tlabel\ngood\ta,b\nbad\tb\nfilm\tb, c\nso\tc\n");
  FineTuning tags = request("tags");
  tags.train = tags.dev = folder_.path() / "tags.tsv";
  tags.objective = Objective::kLabels;
  EXPECT_EQ(fine_tune(tags).metric, "f1");
  EXPECT_EQ(Model::open(folder_.path() / "tags")->info().labels,
            (std::vector<std::string>{"a", "b", "c"}));
  write_text(folder_.path() / "ids.jsonl",
             "{\"input_ids\": [5, 6, 7], \"continuation_ids\": [8, 9]}\n{\"input_ids\": [3, 4]}\n");
  FineTuning tokens = request("tokens");
  tokens.model = golden_folder() / "gpt2-lm";
  tokens.train = tokens.dev = folder_.path() / "ids.jsonl";
  tokens.objective = Objective::kNextToken;
  EXPECT_EQ(fine_tune(tokens).metric, "loss");
  EXPECT_EQ(Model::open(folder_.path() / "tokens")->info().architecture, "GPT2LMHeadModel");
}

TEST(TrainingCurves, DrawALineForEveryNumber) {
  const std::string svg = training_curves(
      "{\"step\":1,\"loss\":0.7}\n{\"step\":2,\"loss\":0.5}\n"
      "{\"step\":2,\"dev_loss\":0.6,\"dev_accuracy\":0.5}\n");
  EXPECT_THAT(svg, testing::StartsWith("<svg "));
  EXPECT_THAT(svg, HasSubstr(">dev loss<"));
  EXPECT_THAT(svg, HasSubstr(">accuracy<"));
}

}  // namespace
}  // namespace ascribo::test
