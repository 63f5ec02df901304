// SPDX-License-Identifier: MIT
// Has every part score what it holds of a mask, and adds up.
#include "ascribo/metrics/parts/hidden_scores.h"

#include <string>
#include <utility>

#include "ascribo/explain/inputs/parts.h"

namespace ascribo {
namespace {

/// What runs in the tasks' place, named after the metric; as long as this lives.
class Running {
 public:
  Running(std::span<Task> wholes, std::string_view metric) : wholes_(wholes) {
    tasks_ = unpack(wholes);
    for (Task& task : tasks_) {
      names_.push_back(std::exchange(task.result.method.name, std::string(metric)));
    }
  }
  ~Running() {
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      tasks_[i].result.method.name = std::move(names_[i]);
    }
    repack(std::move(tasks_), wholes_);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  std::span<Task> tasks() { return tasks_; }

 private:
  std::span<Task> wholes_;
  std::vector<Task> tasks_;
  std::vector<std::string> names_;
};

/// What a part holds of the masks of its whole.
Design design_of(const Task& part, const Design& whole) {
  Design design(part.part_units.size());
  for (std::size_t row = 0; row < whole.rows(); ++row) {
    const auto from = whole.row(row);
    const auto to = design.add();
    for (std::size_t unit = 0; unit < to.size(); ++unit) to[unit] = from[part.part_units[unit]];
  }
  return design;
}

MaskScores add_up(const Task& whole, std::span<const MaskScores> parts, std::size_t rows) {
  MaskScores sum{whole.result.attributions.size(), {}};
  sum.values.assign(rows * sum.targets, 0.0);
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const std::vector<PartTarget>& targets = whole.parts[p].part_targets;
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t k = 0; k < targets.size(); ++k) {
        sum.values[row * sum.targets + targets[k].place] += targets[k].share * parts[p].at(row, k);
      }
    }
  }
  return sum;
}

}  // namespace

std::vector<MaskScores> hidden_scores(std::string_view metric, std::string_view replace,
                                      std::optional<ScoreKind> kind, std::span<Task> tasks,
                                      std::span<const Design> designs, Scorer& scorer) {
  std::vector<Design> part_designs;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (tasks[i].parts.empty()) part_designs.push_back(designs[i]);
    for (const Task& part : tasks[i].parts) part_designs.push_back(design_of(part, designs[i]));
  }
  std::vector<MaskScores> found;
  {
    Running running(tasks, metric);
    MaskScorer(replace, running.tasks(), scorer, kind).score(part_designs, found);
  }
  std::vector<MaskScores> scores;
  std::size_t next = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (tasks[i].parts.empty()) {
      scores.push_back(std::move(found[next++]));
      continue;
    }
    const std::size_t count = tasks[i].parts.size();
    scores.push_back(add_up(tasks[i], std::span(found).subspan(next, count), designs[i].rows()));
    next += count;
  }
  return scores;
}

}  // namespace ascribo
