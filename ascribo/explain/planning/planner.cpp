// SPDX-License-Identifier: MIT
// Times a few batches and applies that to what was counted.
#include "ascribo/explain/planning/planner.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "ascribo/explain/scorer.h"
#include "ascribo/tensor/pool.h"

namespace ascribo {
namespace {

// Rows to measure with: enough for two threads, few enough for a large model to take a second.
constexpr std::int64_t kRows = 256;

std::int64_t weight_bytes(const ModelInfo& model) {
  std::int64_t bytes = 0;
  for (const ModuleInfo& each : model.modules) {
    bytes += numel(each.shape) * static_cast<std::int64_t>(dtype_size(each.dtype));
  }
  return bytes;
}

void add(const MethodPlan& part, MethodPlan& sum) {
  sum.method = part.method;
  sum.forwards += part.forwards;
  sum.backwards += part.backwards;
  sum.at_most = sum.at_most || part.at_most;
  sum.cost.forward_tokens += part.cost.forward_tokens;
  sum.cost.backward_tokens += part.cost.backward_tokens;
  sum.cost.seconds += part.cost.seconds;
}

}  // namespace

Planner::Planner(const Model& model) : model_(model) {
  plan_.memory.weights = weight_bytes(model.info());
}

void Planner::calibrate(std::span<const Task> tasks, const Settings& settings) {
  const auto longest = std::max_element(
      tasks.begin(), tasks.end(),
      [](const Task& a, const Task& b) { return a.sequence.size() < b.sequence.size(); });
  if (longest == tasks.end()) return;
  const bool backward = longest->runs.backwards > 0;
  if (!forward_seconds_) forward_seconds_ = measure(*longest, false, settings);
  if (!backward || backward_seconds_) return;
  const double both = measure(*longest, true, settings);
  const auto targets = static_cast<double>(std::max<std::size_t>(1, longest->targets.size()));
  backward_seconds_ = std::max(0.0, both - *forward_seconds_) / targets;
}

double Planner::measure(Task task, bool backward, const Settings& settings) {
  const std::int64_t batch_tokens = settings.batch_tokens;
  const std::int64_t length = std::max<std::int64_t>(1, task.sequence.size());
  const std::int64_t count = std::max<std::int64_t>(1, std::min(kRows, batch_tokens) / length);
  const auto rows = static_cast<double>(count * length);
  Sweep sweep{.count = count,
              .variant =
                  [&](std::int64_t) {
                    return Variant{&task, task.sequence};
                  },
              .gradients = backward,
              .take = [](std::int64_t, const Outcome&) {}};
  if (backward) sweep.at = TapPoint{Tap::kWordEmbeddings, -1};
  // In two rounds, since what is finished early waits for its turn.
  const std::int64_t budget = std::max(length, count * length / 2);
  Scorer scorer(model_, nullptr, budget);
  scorer.set_precision(settings.precision);
  model_.pack(backward, settings.precision);
  const std::size_t packed = pool_statistics().in_use;
  pool_reset_peak();
  scorer.run(sweep);  // the first time is no measure
  const auto start = std::chrono::steady_clock::now();
  scorer.run(sweep);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  const auto batch = static_cast<double>(pool_statistics().peak - packed);
  const double share =
      std::max(1.0, static_cast<double>(batch_tokens) / static_cast<double>(budget));
  plan_.memory.packed = static_cast<std::int64_t>(packed);
  plan_.memory.batches = std::max(plan_.memory.batches, static_cast<std::int64_t>(batch * share));
  return seconds.count() / rows;
}

MethodPlan Planner::method_plan(const Explanation& result, const Runs& runs) const {
  MethodPlan plan{.method = result.method.name,
                  .forwards = runs.forwards,
                  .backwards = runs.backwards,
                  .at_most = runs.at_most,
                  .cost = result.cost};
  plan.cost.seconds =
      static_cast<double>(plan.cost.forward_tokens) * forward_seconds_.value_or(0) +
      static_cast<double>(plan.cost.backward_tokens) * backward_seconds_.value_or(0);
  return plan;
}

void Planner::add(const Explanation& result, std::vector<MethodPlan> methods) {
  plan_.total.resize(methods.size());
  for (std::size_t i = 0; i < methods.size(); ++i) ascribo::add(methods[i], plan_.total[i]);
  plan_.texts.push_back({.input = result.input,
                         .tokens = static_cast<std::int64_t>(result.tokens.size()),
                         .units = static_cast<std::int64_t>(result.units.size()),
                         .targets = static_cast<std::int64_t>(result.attributions.size()),
                         .methods = std::move(methods)});
}

Plan Planner::finish() && { return std::move(plan_); }

}  // namespace ascribo
