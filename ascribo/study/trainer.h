// SPDX-License-Identifier: MIT
// Changes a model's weights step by step, so that its answers get better.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ascribo/models/training/trainable_model.h"
#include "ascribo/study/adam_w.h"
#include "ascribo/study/loss.h"
#include "ascribo/study/model_scores.h"

namespace ascribo {

/// One step, as the log tells it.
struct StepReport {
  std::int64_t step = 0;  ///< done so far, this one included
  double epoch = 0;       ///< likewise
  double loss = 0, learning_rate = 0, gradient_length = 0;
};

/// Everything that a step does follows from the options, the examples and the number of the step:
/// order and what is left out are drawn anew for each by its number. Bits do not depend on the
/// number of threads. Not safe for concurrent use; model and examples must outlive it.
class Trainer {
 public:
  /// Errors: kInvalidArgument for options that cannot be used.
  Trainer(TrainableModel& model, const std::vector<Example>& examples, Objective objective,
          const TrainingOptions& options);

  std::int64_t steps() const { return steps_; }  ///< in all
  std::int64_t steps_per_epoch() const { return steps_per_epoch_; }
  std::int64_t done() const { return optimizer_.steps(); }
  std::int64_t trained_parameters() const;

  /// Errors: kInvalidArgument, naming the step, when the loss is no number any more; weights are
  /// then as before.
  StepReport step();

  /// The loss without smoothing and class weights, and what GLUE measures.
  ModelScores evaluate(const std::vector<Example>& examples) const;

  AdamW& optimizer() { return optimizer_; }
  /// Weights and optimizer were written to: goes on after so many steps.
  void go_on(std::int64_t steps);

 private:
  using Part = std::vector<const Example*>;
  std::vector<Part> batches_of(std::int64_t step);
  std::vector<Part> parts_of(const Part& batch) const;
  std::size_t room() const;
  double add_gradients(const Part& part, double weight, std::uint64_t dropout,
                       std::vector<Tensor>& sums) const;

  TrainableModel& model_;
  const std::vector<Example>& examples_;
  TrainingOptions options_;
  LossOptions loss_;
  std::vector<Parameter*> trained_;
  AdamW optimizer_;
  std::int64_t steps_per_epoch_ = 0, steps_ = 0;
  std::int64_t shuffled_epoch_ = -1;
  std::vector<std::size_t> order_;
};

}  // namespace ascribo
