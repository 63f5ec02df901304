// SPDX-License-Identifier: MIT
// Rounds of sampling over many texts at once.
#include "ascribo/explain/perturb/sampling.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

constexpr std::size_t kMostMasks = 65'536;

void report_samples(Task& task, std::int64_t samples) {
  auto& options = task.result.method.options;
  const auto entry = std::find_if(options.begin(), options.end(),
                                  [](const auto& option) { return option.first == "samples"; });
  if (entry != options.end()) {
    entry->second = samples;
  } else {
    options.emplace_back("samples", samples);
  }
}

void keep_masks(Task& task, const Design& design) {
  if (!task.keep_masks) return;
  std::vector<std::string>& masks = task.result.masks.emplace();
  for (std::size_t row = 0; row < design.rows(); ++row) {
    std::string& mask = masks.emplace_back();
    for (const std::uint8_t flag : design.row(row)) mask += flag ? '1' : '0';
  }
}

std::string plain(double number) {
  std::string text = std::to_string(number);
  while (text.back() == '0') text.pop_back();
  return text;
}

// How far a text has come.
struct Round {
  bool adaptive;
  std::int64_t samples;
  bool finished = false;
};

Round first_round(const Sampling& sampling, Task& task) {
  if (task.given) return {false, static_cast<std::int64_t>(task.given->rows())};
  task.runs.at_most = sampling.error.has_value();
  return {task.runs.at_most, sampling.samples(task)};
}

Design first_design(const Sampling& sampling, const Task& task, std::int64_t samples) {
  if (!task.given) return sampling.design(task, samples);
  return sampling.given ? sampling.given(*task.given) : *task.given;
}

// Writes scores and errors; says whether these are too large still.
bool wants_more(const Sampling& sampling, Task& task, const Round& round, const Design& design,
                const MaskScores& scores, bool counts_only) {
  const bool may_go_on = design.rows() * 2 <= kMostMasks;
  if (counts_only && round.adaptive) return may_go_on;
  const double error = sampling.estimate(task, round.samples, design, scores);
  if (!round.adaptive || error <= *sampling.error) return false;
  if (!may_go_on) {
    task.note("stopped at " + std::to_string(design.rows()) +
              " masks: the largest standard error is still above " + plain(*sampling.error));
  }
  return may_go_on;
}

}  // namespace

void sample(const Sampling& sampling, std::string_view replace,
            const std::vector<std::pair<std::string, OptionValue>>& options, std::span<Task> tasks,
            Scorer& scorer) {
  MaskScorer masks(replace, tasks, scorer);
  std::vector<Design> designs;
  std::vector<Round> rounds;
  std::vector<MaskScores> scores(tasks.size());
  for (Task& task : tasks) {
    task.result.method.options = options;
    begin_unit_scores(task);
    rounds.push_back(first_round(sampling, task));
    designs.push_back(first_design(sampling, task, rounds.back().samples));
  }
  while (true) {
    masks.score(designs, scores);
    bool all_finished = true;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      Round& round = rounds[i];
      if (round.finished) continue;
      if (wants_more(sampling, tasks[i], round, designs[i], scores[i], scorer.counts_only())) {
        Design more = sampling.design(tasks[i], round.samples * 2);
        if (more.rows() > designs[i].rows()) {
          round.samples *= 2;
          designs[i] = std::move(more);
          scores[i] = {};
          all_finished = false;
          continue;
        }
      }
      report_samples(tasks[i], round.samples);
      keep_masks(tasks[i], designs[i]);
      round.finished = true;
    }
    if (all_finished) return;
  }
}

}  // namespace ascribo
