// SPDX-License-Identifier: MIT
// Fills batches with variants, runs them, and hands the pieces back in order.
#include "ascribo/explain/scorer.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/base/error.h"

namespace ascribo {
namespace {

// Gradients of several targets share one forward; their rows together stay within this many
// batches' worth.
constexpr std::int64_t kBackwardBudgets = 4;

std::vector<double> to_double(const Tensor& tensor) {
  if (tensor.dtype() == Dtype::kF64) return tensor.to_vector<double>();
  const std::vector<float> values = tensor.to_vector<float>();
  return {values.begin(), values.end()};
}

void check_finite(const Model& model, std::span<const double> logits) {
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (std::isfinite(logits[i])) continue;
    const auto& labels = model.info().labels;
    fail(Code::kBadCheckpoint, "model",
         "the logit of \"" + labels[i % labels.size()] + "\" is " + std::to_string(logits[i]),
         "expected finite numbers",
         "the weights may be damaged, or their values too large for fp32");
  }
}

// d score / d logits for targets [first, first + count) of every variant: `[count, variants,
// labels]`, zero where a task has fewer targets.
template <class T>
Tensor make_seeds(std::span<const Variant> variants, std::span<const double> logits,
                  std::size_t first, std::size_t count) {
  const std::size_t labels = logits.size() / variants.size();
  Tensor seeds =
      Tensor::zeros({static_cast<std::int64_t>(count), static_cast<std::int64_t>(variants.size()),
                     static_cast<std::int64_t>(labels)},
                    dtype_of<T>());
  T* data = seeds.mutable_data<T>();
  std::vector<double> gradient(labels);
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t v = 0; v < variants.size(); ++v) {
      const Task& task = *variants[v].task;
      if (first + k >= task.targets.size()) continue;
      const Target& target = task.targets[first + k];
      task.score.gradient(logits.subspan(v * labels, labels), target.index, target.versus,
                          gradient);
      std::transform(gradient.begin(), gradient.end(), data + (k * variants.size() + v) * labels,
                     [](double value) { return static_cast<T>(value); });
    }
  }
  return seeds;
}

}  // namespace

struct Scorer::Pending {
  std::int64_t first_item = 0;
  std::vector<Variant> variants;
  Batch batch;
};

Scorer::Scorer(const Model& model, const Tokenizer* tokenizer, std::int64_t batch_tokens,
               std::function<void()> check)
    : model_(model), tokenizer_(tokenizer), batch_tokens_(batch_tokens), check_(std::move(check)) {
  ASCRIBO_ASSERT(batch_tokens >= 1);
}

std::int64_t Scorer::width(TapPoint at) const {
  return at.tap == Tap::kHidden ? model_.info().hidden : model_.info().embedding;
}

void Scorer::run(const Sweep& sweep) {
  ASCRIBO_ASSERT(sweep.at || (!sweep.fill && !sweep.gradients));
  Pending pending;
  for (std::int64_t item = 0; item < sweep.count; ++item) {
    Variant variant = sweep.variant(item);
    const std::int64_t rows = variant.sequence.size();
    if (!pending.variants.empty() && pending.batch.rows() + rows > batch_tokens_) {
      run_batch(sweep, pending);
      pending = {item, {}, {}};
    }
    pending.batch.append(variant.sequence);
    pending.variants.push_back(std::move(variant));
  }
  if (!pending.variants.empty()) run_batch(sweep, pending);
}

void Scorer::run_batch(const Sweep& sweep, const Pending& pending) {
  if (check_) check_();
  const Batch& batch = pending.batch;
  Run run;
  if (sweep.fill) {
    Tensor values = Tensor::empty({batch.rows(), width(*sweep.at)}, model_.compute());
    for (std::size_t v = 0; v < pending.variants.size(); ++v) {
      Tensor slice = values.slice(batch.offsets[v], batch.offsets[v + 1]);
      sweep.fill(pending.first_item + static_cast<std::int64_t>(v), slice);
    }
    run.replace(*sweep.at, std::move(values));
  }
  if (sweep.at) sweep.gradients ? run.watch(*sweep.at) : run.capture(*sweep.at);

  const Variable output = model_.forward(batch, run);
  const std::vector<double> logits = to_double(output.value());
  const std::size_t labels = logits.size() / pending.variants.size();
  const std::span<const double> all(logits);
  check_finite(model_, all);
  for (std::size_t v = 0; v < pending.variants.size(); ++v) {
    pending.variants[v].task->result.cost.forward_tokens += pending.variants[v].sequence.size();
  }
  if (sweep.gradients) {
    backward(sweep, pending, run, output, all);
    return;
  }
  for (std::size_t v = 0; v < pending.variants.size(); ++v) {
    Outcome outcome{.logits = all.subspan(v * labels, labels)};
    if (sweep.at) {
      outcome.values = run.at(*sweep.at).value().slice(batch.offsets[v], batch.offsets[v + 1]);
    }
    sweep.take(pending.first_item + static_cast<std::int64_t>(v), outcome);
  }
}

void Scorer::backward(const Sweep& sweep, const Pending& pending, Run& run, const Variable& output,
                      std::span<const double> logits) {
  const auto& variants = pending.variants;
  const std::size_t labels = logits.size() / variants.size();
  const std::vector<std::int64_t>& offsets = pending.batch.offsets;
  std::size_t most = 0;
  for (const Variant& variant : variants) most = std::max(most, variant.task->targets.size());
  const auto at_once = static_cast<std::size_t>(
      std::max<std::int64_t>(1, kBackwardBudgets * batch_tokens_ / pending.batch.rows()));
  const Tensor values = run.at(*sweep.at).value();
  for (std::size_t first = 0; first < most; first += at_once) {
    const std::size_t count = std::min(at_once, most - first);
    const Tensor seeds = model_.compute() == Dtype::kF64
                             ? make_seeds<double>(variants, logits, first, count)
                             : make_seeds<float>(variants, logits, first, count);
    const bool last = first + count == most;
    const Tensor gradients = run.gradients(output, seeds, {*sweep.at}, last).front();
    for (std::size_t v = 0; v < variants.size(); ++v) {
      Task& task = *variants[v].task;
      Outcome outcome{.logits = logits.subspan(v * labels, labels),
                      .values = values.slice(offsets[v], offsets[v + 1]),
                      .first_target = first};
      for (std::size_t k = 0; k < count && first + k < task.targets.size(); ++k) {
        const auto seed = static_cast<std::int64_t>(k);
        outcome.gradients.push_back(gradients.slice(seed, seed + 1)
                                        .reshape({values.rows(), values.cols()})
                                        .slice(offsets[v], offsets[v + 1]));
      }
      if (outcome.gradients.empty()) continue;
      task.result.cost.backward_tokens +=
          variants[v].sequence.size() * static_cast<std::int64_t>(outcome.gradients.size());
      sweep.take(pending.first_item + static_cast<std::int64_t>(v), outcome);
    }
  }
}

}  // namespace ascribo
