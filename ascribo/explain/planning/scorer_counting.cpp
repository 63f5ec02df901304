// SPDX-License-Identifier: MIT
// A scorer that runs nothing and counts what would run.
#include <algorithm>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/explain/scorer.h"

namespace ascribo {
namespace {

constexpr std::int64_t kItemsPerCheck = 1024;

}  // namespace

Scorer Scorer::counting(const Model& model, const Tokenizer* tokenizer, std::int64_t batch_tokens,
                        std::function<void()> check) {
  Scorer scorer(model, tokenizer, batch_tokens, std::move(check));
  scorer.counts_only_ = true;
  return scorer;
}

void Scorer::count(const Sweep& sweep) const {
  Tensor zeros;  // shared by items of one length: a gradient, values
  for (std::int64_t item = 0; item < sweep.count; ++item) {
    if (check_ && item % kItemsPerCheck == 0) check_();
    const Variant variant = sweep.variant(item);
    Task& task = *variant.task;
    const std::int64_t rows = sweep.shared.empty()
                                  ? variant.sequence.size()
                                  : sweep.shared[static_cast<std::size_t>(item)].rows;
    task.add_forward(rows);
    Outcome outcome{.logits = task.logits};
    if (sweep.at) {
      const Shape shape = {rows, width(*sweep.at)};
      if (!zeros.defined() || zeros.shape() != shape)
        zeros = Tensor::zeros(shape, model_.compute());
      outcome.values = zeros;
    }
    if (sweep.gradients) {
      outcome.gradients.assign(task.targets.size(), zeros);
      task.add_backwards(rows, task.targets.size());
    }
    sweep.take(item, outcome);
  }
}

void Scorer::count_alone(Task& task, const std::vector<TapPoint>& points,
                         const std::function<void(const TapOutcome&)>& take) const {
  const std::int64_t rows = task.sequence.size();
  const auto shapes = model_.taps(rows);
  TapOutcome outcome{.count = static_cast<std::int64_t>(task.targets.size())};
  for (const TapPoint point : points) {
    const auto at = std::find_if(shapes.begin(), shapes.end(),
                                 [&](const auto& each) { return each.first == point; });
    ASCRIBO_ASSERT(at != shapes.end());
    outcome.values.push_back(Tensor::zeros(at->second, model_.compute()));
    Shape several = at->second;
    several.insert(several.begin(), outcome.count);
    outcome.gradients.push_back(Tensor::zeros(several, model_.compute()));
  }
  task.add_forward(rows);
  task.add_backwards(rows, task.targets.size());
  take(outcome);
}

}  // namespace ascribo
