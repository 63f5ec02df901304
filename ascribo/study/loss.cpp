// SPDX-License-Identifier: MIT
// Cross entropy, binary cross entropy or squared errors, weighted.
#include "ascribo/study/loss.h"

#include <algorithm>

#include "ascribo/ops/training/binary_cross_entropy.h"
#include "ascribo/ops/training/cross_entropy.h"
#include "ascribo/ops/training/cross_entropy_among.h"
#include "ascribo/ops/training/squared_error.h"

namespace ascribo {
namespace {

double weight_of_label(const LossOptions& options, std::int64_t label) {
  if (label < 0) return 0;
  if (options.class_weights.empty()) return 1;
  return options.class_weights.at(static_cast<std::size_t>(label));
}

/// Cells of the answers that compete. All tokens do to be the start of an answer, and all to be its
/// end; of a masked word those named.
std::vector<ops::Choice> choices_of(std::span<const Example* const> examples, Objective objective,
                                    std::int64_t outputs) {
  std::vector<ops::Choice> choices;
  std::int64_t first = 0;
  for (const Example* example : examples) {
    if (objective == Objective::kWord) {
      ops::Choice choice;
      for (const std::int64_t word : example->choices) {
        choice.elements.push_back(first * outputs + word);
      }
      choices.push_back(std::move(choice));
      ++first;
      continue;
    }
    for (std::size_t end = 0; end < 2; ++end) {
      ops::Choice choice{{}, static_cast<std::size_t>(example->labels[end])};
      for (std::int64_t i = 0; i < example->sequence.size(); ++i) {
        choice.elements.push_back((first + i) * outputs + static_cast<std::int64_t>(end));
      }
      choices.push_back(std::move(choice));
    }
    first += example->sequence.size();
  }
  return choices;
}

/// Whether words compete with each other alone, which is so for all rows or for none.
bool among_few(Objective objective, std::span<const Example* const> examples) {
  return objective == Objective::kAnswer ||
         (objective == Objective::kWord && !examples.empty() && !examples.front()->choices.empty());
}

}  // namespace

double Losses::sum() const {
  const std::vector<double> losses = each.value().to_vector<double>();
  const std::vector<double> factors = weights.to_vector<double>();
  double total = 0;
  for (std::size_t i = 0; i < losses.size(); ++i) total += losses[i] * factors[i];
  return total;
}

Tensor Losses::seeds(double by) const {
  std::vector<double> factors = weights.to_vector<double>();
  for (double& factor : factors) factor /= by;
  Shape shape{1};
  shape.insert(shape.end(), weights.shape().begin(), weights.shape().end());
  return Tensor::from<double>(factors, shape).to(weights.dtype());
}

Losses losses_of(const LossOptions& options, const Variable& logits,
                 std::span<const Example* const> examples) {
  const Tensor& values = logits.value();
  if (among_few(options.objective, examples)) {
    const auto choices = choices_of(examples, options.objective, values.cols());
    const std::vector<double> ones(choices.size(), 1.0);
    return {
        ops::cross_entropy_among(logits, choices),
        Tensor::from<double>(ones, {static_cast<std::int64_t>(ones.size())}).to(values.dtype())};
  }
  if (options.objective != Objective::kLabels && options.objective != Objective::kNumber) {
    std::vector<std::int64_t> labels;
    std::vector<double> weights;
    for (const Example* example : examples) {
      for (const std::int64_t label : example->labels) {
        labels.push_back(label);
        weights.push_back(weight_of_label(options, label));
      }
    }
    const Shape shape{static_cast<std::int64_t>(labels.size())};
    return {ops::cross_entropy(logits, labels, options.smoothing),
            Tensor::from<double>(weights, shape).to(values.dtype())};
  }
  std::vector<double> targets;
  for (const Example* example : examples) {
    targets.insert(targets.end(), example->values.begin(), example->values.end());
  }
  const Tensor right = Tensor::from<double>(targets, values.shape()).to(values.dtype());
  const std::vector<double> ones(targets.size(), 1.0);
  const Variable each = options.objective == Objective::kLabels
                            ? ops::binary_cross_entropy(logits, right)
                            : ops::squared_error(logits, right);
  return {each, Tensor::from<double>(ones, values.shape()).to(values.dtype())};
}

double weight_of(const LossOptions& options, std::span<const Example* const> examples) {
  double total = 0;
  for (const Example* example : examples) {
    for (const std::int64_t label : example->labels) total += weight_of_label(options, label);
    total += static_cast<double>(example->values.size());
  }
  return total;
}

}  // namespace ascribo
