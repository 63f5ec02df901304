// SPDX-License-Identifier: MIT
// Adds up what counting scorers counted, and estimates what it takes in time and memory.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ascribo/explain/planning/plan.h"
#include "ascribo/explain/settings.h"
#include "ascribo/explain/task.h"
#include "ascribo/models/model.h"

namespace ascribo {

class Planner {
 public:
  explicit Planner(const Model& model);

  /// Runs a few batches of the longest text that a method was counted for, to see how long they
  /// take and what room: forward the first time, and backward once a method needs that.
  void calibrate(std::span<const Task> tasks, const Settings& settings);

  /// What one method takes for a text, from its result and what was counted for it.
  MethodPlan method_plan(const Explanation& result, const Runs& runs) const;
  /// One text, as a method saw it, with what each method takes.
  void add(const Explanation& result, std::vector<MethodPlan> methods);

  Plan finish() &&;

 private:
  double measure(Task task, bool backward, const Settings& settings);

  const Model& model_;
  std::optional<double> forward_seconds_, backward_seconds_;  // for a token
  Plan plan_;
};

}  // namespace ascribo
