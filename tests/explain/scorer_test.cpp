// SPDX-License-Identifier: MIT
// Batches: never larger than the budget, in order, however many variants and targets there are.
#include "ascribo/explain/scorer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <numeric>
#include <stdexcept>

#include "ascribo/base/threads.h"
#include "tests/explain/toy_subject.h"
#include "tests/folders.h"

namespace ascribo {
namespace {

using testing::ElementsAre;

Sequence sequence_of(std::int64_t tokens) {
  Sequence sequence;
  sequence.ids.assign(static_cast<std::size_t>(tokens), 5);
  sequence.positions.resize(sequence.ids.size());
  std::iota(sequence.positions.begin(), sequence.positions.end(), std::int64_t{0});
  sequence.type_ids.assign(sequence.ids.size(), 0);
  return sequence;
}

Task task_of(std::int64_t tokens, std::int64_t targets) {
  Task task;
  task.sequence = sequence_of(tokens);
  for (std::int64_t i = 0; i < targets; ++i) {
    task.targets.push_back({.index = i, .readout = {.plus = {Cell{.index = i, .count = 3}}}});
  }
  return task;
}

class ScorerTest : public testing::Test {
 protected:
  toys::LinearModel model{test::linear_parameters(10), {"a", "b", "c"}};
};

TEST_F(ScorerTest, AsksForVariantsOnlyWhenTheirTurnComesAndHandsThemBackInOrder) {
  constexpr std::int64_t kBudget = 20, kTokens = 7, kCount = 300;
  Task task = task_of(kTokens, 1);
  Scorer scorer(model, nullptr, kBudget);
  std::int64_t asked = 0, taken = 0;
  scorer.run({.count = kCount,
              .variant =
                  [&](std::int64_t item) {
                    EXPECT_EQ(item, asked++);
                    // One may wait for the next batch beyond what the budget holds.
                    EXPECT_LE((asked - taken - 1) * kTokens, kBudget);
                    return Variant{&task, task.sequence};
                  },
              .take = [&](std::int64_t item, const Outcome&) { EXPECT_EQ(item, taken++); }});
  EXPECT_EQ(taken, kCount);
  EXPECT_EQ(task.result.cost.forward_tokens, kCount * kTokens);
  EXPECT_EQ(task.result.cost.backward_tokens, 0);
}

TEST(ScorerOfWords, ComputesTheLogitsThatAreScoredAlone) {
  const auto model = Model::open(test::golden_folder() / "gpt2-lm");
  const std::int64_t words = model->info().outputs;
  Task task;
  task.sequence = sequence_of(5);
  task.score = Score(ScoreKind::kLogit, Link::kSoftmax);
  const Cell first{.index = 7, .count = words}, second{.index = 4 * words + 3, .count = words};
  task.targets = {{.readout = {.plus = {first}}},
                  {.readout = {.plus = {second}, .minus = {first}}}};
  const auto run = [&](bool only_scores) {
    std::vector<double> values, logits;
    Scorer scorer(*model, nullptr, 100);
    scorer.run({.count = 1,
                .variant =
                    [&](std::int64_t) {
                      return Variant{&task, task.sequence};
                    },
                .only_scores = only_scores,
                .take =
                    [&](std::int64_t, const Outcome& outcome) {
                      values = {task.value(outcome.logits, 0), task.value(outcome.logits, 1)};
                      logits.assign(outcome.logits.begin(), outcome.logits.end());
                    }});
    const auto others =
        std::count_if(logits.begin(), logits.end(), [](double x) { return x != 0; });
    return std::pair(values, others);
  };
  const auto [all, every] = run(false);
  const auto [some, few] = run(true);
  EXPECT_EQ(some, all);
  EXPECT_EQ(every, 5 * words);
  EXPECT_EQ(few, 5 * 2);
  // Probabilities need the others.
  task.score = Score(ScoreKind::kLogProbability, Link::kSoftmax);
  EXPECT_EQ(run(true).second, 5 * words);
}

TEST_F(ScorerTest, ASequenceBeyondTheBudgetRunsAlone) {
  Task small = task_of(2, 1), large = task_of(30, 1);
  Scorer scorer(model, nullptr, 4);
  std::vector<std::int64_t> order;
  scorer.run({.count = 3,
              .variant =
                  [&](std::int64_t item) {
                    Task& task = item == 1 ? large : small;
                    return Variant{&task, task.sequence};
                  },
              .take = [&](std::int64_t item, const Outcome&) { order.push_back(item); }});
  EXPECT_THAT(order, ElementsAre(0, 1, 2));
}

TEST_F(ScorerTest, ManyTargetsComeInPortionsOfTheSameBackward) {
  // 10 rows and a budget of 2: fewer than one of the three seeds fits, so they come one by one.
  Task task = task_of(10, 3);
  Scorer scorer(model, nullptr, 2);
  std::vector<std::size_t> first;
  scorer.run({.count = 1,
              .variant =
                  [&](std::int64_t) {
                    return Variant{&task, task.sequence};
                  },
              .at = TapPoint{Tap::kWordEmbeddings, -1},
              .gradients = true,
              .take =
                  [&](std::int64_t, const Outcome& outcome) {
                    first.push_back(outcome.first_target);
                    ASSERT_EQ(outcome.gradients.size(), 1U);
                    EXPECT_EQ(outcome.gradients[0].shape(), (Shape{10, 3}));
                    EXPECT_FLOAT_EQ(outcome.gradients[0].data<float>()[3],
                                    model.weight(1, outcome.first_target, 0));
                  }});
  EXPECT_THAT(first, ElementsAre(0, 1, 2));
  EXPECT_EQ(task.result.cost.backward_tokens, 30);
}

TEST_F(ScorerTest, TextsWithDifferentNumbersOfTargetsShareABatch) {
  std::vector<Task> tasks = {task_of(3, 1), task_of(4, 3), task_of(2, 2)};
  Scorer scorer(model, nullptr, 100);
  std::vector<std::size_t> targets;
  scorer.run(
      {.count = 3,
       .variant =
           [&](std::int64_t item) {
             Task& task = tasks[static_cast<std::size_t>(item)];
             return Variant{&task, task.sequence};
           },
       .at = TapPoint{Tap::kEmbeddings, -1},
       .gradients = true,
       .take = [&](std::int64_t,
                   const Outcome& outcome) { targets.push_back(outcome.gradients.size()); }});
  EXPECT_THAT(targets, ElementsAre(1, 3, 2));
}

TEST_F(ScorerTest, WhatIsFilledInStandsAtTheTap) {
  Task task = task_of(2, 1);
  Scorer scorer(model, nullptr, 100);
  scorer.run({.count = 1,
              .variant =
                  [&](std::int64_t) {
                    return Variant{&task, task.sequence};
                  },
              .at = TapPoint{Tap::kHidden, 0},
              .fill =
                  [](std::int64_t, Tensor& values) {
                    std::fill_n(values.mutable_data<float>(), values.numel(), 0.0F);
                  },
              .take =
                  [](std::int64_t, const Outcome& outcome) {
                    EXPECT_THAT(outcome.values.to_vector<float>(), testing::Each(0));
                    EXPECT_FLOAT_EQ(static_cast<float>(outcome.logits[0]), 0.1F);
                  }});
}

// Sums of gradients and the order of outcomes, for texts of several lengths and target counts.
struct Swept {
  std::vector<std::int64_t> order;
  std::vector<float> first_gradients;
  std::int64_t forward_tokens = 0, backward_tokens = 0;
  bool operator==(const Swept&) const = default;
};

Swept sweep_with(const Model& model, int threads, std::int64_t targets, std::int64_t bad = -1) {
  set_threads(threads);
  std::vector<Task> tasks = {task_of(20, targets), task_of(70, targets), task_of(3, targets)};
  Scorer scorer(model, nullptr, 300);
  Swept found;
  try {
    scorer.run({.count = 60,
                .variant =
                    [&](std::int64_t item) {
                      Task& task = tasks[static_cast<std::size_t>(item % 3)];
                      Variant variant{&task, task.sequence};
                      if (item == bad) variant.sequence.ids[1] = 1000;
                      return variant;
                    },
                .at = TapPoint{Tap::kWordEmbeddings, -1},
                .fill =
                    [](std::int64_t item, Tensor& values) {
                      std::fill_n(values.mutable_data<float>(), values.numel(),
                                  static_cast<float>(item));
                    },
                .gradients = true,
                .take =
                    [&](std::int64_t item, const Outcome& outcome) {
                      found.order.push_back(item);
                      EXPECT_THAT(outcome.values.to_vector<float>(), testing::Each(item));
                      for (const Tensor& gradient : outcome.gradients) {
                        found.first_gradients.push_back(gradient.data<float>()[0]);
                      }
                    }});
    EXPECT_EQ(bad, -1);
  } catch (const std::out_of_range&) {  // what the toy throws at an unknown id
    EXPECT_GE(bad, 0);
  }
  set_threads(0);
  for (const Task& task : tasks) {
    found.forward_tokens += task.result.cost.forward_tokens;
    found.backward_tokens += task.result.cost.backward_tokens;
  }
  return found;
}

TEST_F(ScorerTest, ThreadsWithBatchesOfTheirOwnGiveTheSameInTheSameOrder) {
  const Swept alone = sweep_with(model, 1, 2);
  EXPECT_EQ(alone.order.size(), 60U);
  EXPECT_EQ(alone.forward_tokens, 20 * 93);
  EXPECT_EQ(alone.backward_tokens, 2 * 20 * 93);
  for (const int threads : {2, 3, 8}) EXPECT_EQ(sweep_with(model, threads, 2), alone);
}

// Remembers how many rows ran at once.
class WatchedModel : public toys::LinearModel {
 public:
  using LinearModel::LinearModel;
  Variable forward(const Batch& batch, Run& run) const override {
    const std::lock_guard lock(mutex_);
    rows.push_back(batch.rows());
    return LinearModel::forward(batch, run);
  }
  mutable std::vector<std::int64_t> rows;

 private:
  mutable std::mutex mutex_;
};

TEST(ScorerOfTexts, BatchesAreAlikeWhereRowsAreKnown) {
  const WatchedModel model(test::linear_parameters(10), {"a", "b", "c"});
  // The first says nothing of the others' length.
  std::vector<Task> tasks = {task_of(3, 1)};
  for (int i = 0; i < 40; ++i) tasks.push_back(task_of(20 + i % 7, 1));
  Sweep sweep = sweep_texts(tasks);
  sweep.take = [](std::int64_t, const Outcome&) {};
  set_threads(2);
  Scorer(model, nullptr, 300).run(sweep);
  set_threads(0);
  EXPECT_EQ(model.rows.size(), 8U);  // of at most 150 rows; as many for one thread as for the other
  const auto [least, most] = std::minmax_element(model.rows.begin(), model.rows.end());
  EXPECT_LE(*most - *least, 26);  // half a text more, half a text less
}

TEST_F(ScorerTest, AFailureInABatchOfAnotherThreadLeaves) {
  for (const int threads : {1, 4}) {
    const Swept found = sweep_with(model, threads, 1, 31);
    EXPECT_LT(found.order.size(), 32U);
    for (std::size_t i = 0; i < found.order.size(); ++i) {
      EXPECT_EQ(found.order[i], static_cast<std::int64_t>(i));
    }
  }
}

TEST_F(ScorerTest, ChecksBeforeEveryBatch) {
  Task task = task_of(5, 1);
  int checks = 0;
  Scorer scorer(model, nullptr, 10, [&] { ++checks; });
  scorer.run({.count = 7,
              .variant =
                  [&](std::int64_t) {
                    return Variant{&task, task.sequence};
                  },
              .take = [](std::int64_t, const Outcome&) {}});
  EXPECT_EQ(checks, 4);
}

}  // namespace
}  // namespace ascribo
