// SPDX-License-Identifier: MIT
// The loop's body: batches, gradients, clipping, the optimizer.
#include "ascribo/study/trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/rng.h"
#include "ascribo/study/frozen.h"
#include "ascribo/study/schedule.h"
#include "ascribo/tensor/accumulate.h"

namespace ascribo {
namespace {

// What random streams are for.
constexpr std::uint64_t kOrder = 1, kDropout = 2;

void check(bool fine, const std::string& given, const std::string& expected) {
  if (!fine) fail(Code::kInvalidArgument, "train", given, "expected " + expected);
}

TrainingOptions checked(const TrainingOptions& options) {
  check(options.epochs > 0 || options.max_steps > 0, "there is nothing to do",
        "a number of epochs or steps above 0");
  check(options.max_steps >= 0, "max_steps is " + std::to_string(options.max_steps),
        "a number of steps, or 0 to go by epochs");
  check(options.batch > 0, "batch is " + std::to_string(options.batch), "at least 1");
  check(options.accumulate > 0, "accumulate is " + std::to_string(options.accumulate),
        "at least 1");
  check(options.batch_tokens > 0, "batch_tokens is " + std::to_string(options.batch_tokens),
        "at least 1");
  check(options.memory >= 0, "memory is " + std::to_string(options.memory),
        "a number of megabytes, or 0 for any");
  check(options.learning_rate > 0 && std::isfinite(options.learning_rate),
        "learning_rate is " + std::to_string(options.learning_rate), "a number above 0");
  check(options.warmup >= 0, "warmup is " + std::to_string(options.warmup),
        "a number of steps, or a share of them below 1");
  check(options.label_smoothing >= 0 && options.label_smoothing < 1,
        "label_smoothing is " + std::to_string(options.label_smoothing), "0 to below 1");
  check(options.weight_decay >= 0, "weight_decay is " + std::to_string(options.weight_decay),
        "a number from 0 on");
  check(options.evaluate_every >= 0, "evaluate_every is " + std::to_string(options.evaluate_every),
        "a number of steps, or 0 for an epoch's");
  check(options.patience >= 0, "patience is " + std::to_string(options.patience),
        "a number of evaluations, or 0 for any");
  check(options.clip >= 0, "clip is " + std::to_string(options.clip), "a number from 0 on");
  return options;
}

/// Balanced: the number of rows by that of labels times the label's rows.
std::vector<double> class_weights(const std::vector<Example>& examples, std::int64_t labels) {
  std::vector<double> counts(static_cast<std::size_t>(labels));
  for (const Example& each : examples) ++counts.at(static_cast<std::size_t>(each.labels.front()));
  for (double& count : counts) {
    count = count == 0
                ? 0
                : static_cast<double>(examples.size()) / (static_cast<double>(labels) * count);
  }
  return counts;
}

/// Refuses a budget below what weights, their gradients and the optimizer take at all times.
void check_memory(std::int64_t megabytes, const TrainableModel& model, std::int64_t trained) {
  std::int64_t weights = 0;
  for (const Parameter& each : model.parameters()) weights += each.value.numel();
  constexpr auto kBytes = static_cast<std::int64_t>(sizeof(float));
  const std::int64_t least = (kBytes * (weights + 3 * trained) >> 20) + 1;
  check(megabytes == 0 || megabytes >= least, "memory is " + std::to_string(megabytes),
        "at least " + std::to_string(least) +
            " megabytes: what weights, their gradients and the optimizer take");
}

std::int64_t whole(double steps) { return static_cast<std::int64_t>(std::ceil(steps - 1e-9)); }

}  // namespace

Trainer::Trainer(TrainableModel& model, const std::vector<Example>& examples, Objective objective,
                 const TrainingOptions& options)
    : model_(model),
      examples_(examples),
      options_(checked(options)),
      loss_{objective, options.label_smoothing, {}},
      trained_(trained_parameters_of(model, options.frozen)),
      optimizer_(trained_, options) {
  check(!examples.empty(), "there are no rows to learn from", "at least one");
  check_memory(options.memory, model, trained_parameters());
  if (options.class_weights) {
    check(objective == Objective::kLabel, "class_weights is given",
          "it with one label for every text only");
    loss_.class_weights = class_weights(examples, model.model().info().outputs);
  }
  const auto rows = static_cast<std::int64_t>(examples.size());
  const std::int64_t batches = (rows + options_.batch - 1) / options_.batch;
  steps_per_epoch_ = (batches + options_.accumulate - 1) / options_.accumulate;
  steps_ = options_.max_steps > 0 ? options_.max_steps
                                  : whole(options_.epochs * static_cast<double>(steps_per_epoch_));
}

std::int64_t Trainer::trained_parameters() const {
  std::int64_t count = 0;
  for (const Parameter* each : trained_) count += each->value.numel();
  return count;
}

std::vector<Trainer::Part> Trainer::batches_of(std::int64_t step) {
  const std::int64_t epoch = step / steps_per_epoch_;
  if (epoch != shuffled_epoch_) {
    shuffled_epoch_ = epoch;
    order_.resize(examples_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    Rng rng(options_.seed, {kOrder, static_cast<std::uint64_t>(epoch)});
    for (std::size_t i = options_.shuffle ? order_.size() : 0; i > 1; --i)
      std::swap(order_[i - 1], order_[rng.below(i)]);
  }
  const auto rows = static_cast<std::int64_t>(order_.size());
  const std::int64_t first = step % steps_per_epoch_ * options_.accumulate * options_.batch;
  std::vector<Part> batches;
  for (std::int64_t n = 0; n < options_.accumulate; ++n) {
    const std::int64_t begin = first + n * options_.batch;
    if (begin >= rows) break;
    batches.emplace_back();
    for (std::int64_t i = begin; i < std::min(rows, begin + options_.batch); ++i) {
      batches.back().push_back(&examples_[order_[static_cast<std::size_t>(i)]]);
    }
  }
  return batches;
}

std::vector<Trainer::Part> Trainer::parts_of(const Part& batch) const {
  std::vector<Part> parts;
  std::int64_t tokens = 0;
  for (const Example* each : batch) {
    if (parts.empty() || tokens + each->sequence.size() > options_.batch_tokens) {
      parts.emplace_back();
      tokens = 0;
    }
    tokens += each->sequence.size();
    parts.back().push_back(each);
  }
  return parts;
}

/// What tensors may take before layers are recomputed: gradients of all weights are still to come.
std::size_t Trainer::room() const {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() >> 20;
  const std::int64_t bytes = std::min(options_.memory, kMost) << 20;
  const auto gradients = static_cast<std::int64_t>(sizeof(float)) * trained_parameters();
  return static_cast<std::size_t>(std::max<std::int64_t>(1, bytes - gradients));
}

double Trainer::add_gradients(const Part& part, double weight, std::uint64_t dropout,
                              std::vector<Tensor>& sums) const {
  Run run;
  std::vector<Tensor> weights;
  for (const Parameter* each : trained_) weights.push_back(each->value);
  run.watch_parameters(weights);
  run.set_precision(options_.precision);
  if (options_.memory > 0) run.recompute_above(room());
  if (options_.dropout) run.drop_out(dropout);
  Batch batch;
  for (const Example* each : part) batch.append(each->sequence);
  const Losses losses = losses_of(loss_, model_.model().forward(batch, run), part);
  const std::vector<Tensor> gradients = run.parameter_gradients(losses.each, losses.seeds(weight));
  for (std::size_t n = 0; n < gradients.size(); ++n) {
    const Tensor gradient = gradients[n].reshape(weights[n].shape());
    if (sums.size() <= n) {
      sums.push_back(gradient);
    } else {
      accumulate(sums[n], gradient);
    }
  }
  return losses.sum() / weight;
}

StepReport Trainer::step() {
  const std::int64_t number = done();
  const std::vector<Part> batches = batches_of(number);
  // Tokens count alike wherever they stand; texts by the mean of their batch, as in the Trainer.
  double tokens = 0;
  for (const Part& batch : batches) tokens += weight_of(loss_, batch);
  StepReport report;
  std::vector<Tensor> sums;
  std::uint64_t part_number = 0;
  for (const Part& batch : batches) {
    const double weight = loss_.objective == Objective::kNextToken
                              ? tokens
                              : weight_of(loss_, batch) * static_cast<double>(batches.size());
    for (const Part& part : parts_of(batch)) {
      Rng rng(options_.seed, {kDropout, static_cast<std::uint64_t>(number), part_number++});
      const std::uint64_t high = rng.bits();
      report.loss += add_gradients(part, weight, (high << 32) | rng.bits(), sums);
    }
  }
  report.gradient_length = gradient_length(sums);
  if (!std::isfinite(report.loss) || !std::isfinite(report.gradient_length)) {
    fail(Code::kInvalidArgument, "train",
         "the loss at step " + std::to_string(number + 1) + " is no number any more",
         "expected one that gets smaller", "a smaller learning rate, or a longer warm-up");
  }
  // 1e-6 as PyTorch has it.
  const double scale =
      options_.clip > 0 ? std::min(1.0, options_.clip / (report.gradient_length + 1e-6)) : 1;
  report.learning_rate = learning_rate_at(number, steps_, options_);
  optimizer_.step(sums, report.learning_rate, scale);
  sums.clear();
  model_.refresh(options_.precision);
  report.step = done();
  report.epoch = static_cast<double>(report.step) / static_cast<double>(steps_per_epoch_);
  return report;
}

ModelScores Trainer::evaluate(const std::vector<Example>& examples) const {
  return scores_of_model(model_.model(), examples, loss_.objective);
}

void Trainer::go_on(std::int64_t steps) {
  optimizer_.go_on(steps);
  model_.refresh(options_.precision);
}

}  // namespace ascribo
