// SPDX-License-Identifier: MIT
// Looks masks up, runs those that are new, and writes down what came out.
#include "ascribo/explain/perturb/mask_scores.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/explain/perturb/prefixes.h"

namespace ascribo {
namespace {

// A mask that has to be computed: of which text, and what is hidden, token by token.
struct Wanted {
  std::size_t task;
  std::vector<std::uint8_t> hidden;
  std::vector<double>* scores;  // in the store; references into unordered_map stay good
};

std::vector<std::uint8_t> token_flags(const Task& task, std::span<const std::uint8_t> units) {
  std::vector<std::uint8_t> hidden(task.sequence.ids.size(), 0);
  for (std::size_t unit = 0; unit < units.size(); ++unit) {
    if (!units[unit]) continue;
    for (const std::int64_t token : task.result.units[unit].tokens) {
      hidden[static_cast<std::size_t>(token)] = 1;
    }
  }
  return hidden;
}

std::string key_of(std::string_view replacement, std::span<const std::uint8_t> hidden) {
  std::string key(replacement);
  key += '\0';
  key.append(hidden.begin(), hidden.end());
  return key;
}

// Of masks that keep every token's place.
std::int64_t rows_of(std::span<const Wanted> wanted, std::span<const Task> tasks) {
  std::int64_t rows = 0;
  for (const Wanted& mask : wanted) rows += tasks[mask.task].sequence.size();
  return rows;
}

// Puts masks that begin alike next to each other, and says what they share.
std::vector<SharedRows> share(std::vector<Wanted>& wanted, std::span<const Task> tasks,
                              bool deletes, std::int64_t batch_tokens) {
  std::sort(wanted.begin(), wanted.end(), [](const Wanted& a, const Wanted& b) {
    return a.task != b.task ? a.task < b.task : a.hidden < b.hidden;
  });
  std::vector<SharedRows> all;
  while (all.size() < wanted.size()) {
    const Task& task = tasks[wanted[all.size()].task];
    std::vector<const std::vector<std::uint8_t>*> own;
    for (std::size_t at = all.size(); at < wanted.size(); ++at) {
      if (&tasks[wanted[at].task] != &task) break;
      own.push_back(&wanted[at].hidden);
    }
    const std::vector<SharedRows> shared = share_prefixes(task, own, deletes, batch_tokens);
    all.insert(all.end(), shared.begin(), shared.end());
  }
  return all;
}

// What a text's store keeps for a mask.
void keep_scores(const Task& task, std::span<const double> logits, std::vector<double>& scores) {
  for (std::size_t k = 0; k < task.targets.size(); ++k) scores.push_back(task.value(logits, k));
  for (const MaskStore::Kind& other : task.masks->others) {
    for (const Target& target : task.targets) {
      scores.push_back(other.score.value(logits, target.readout));
    }
  }
}

// Which of the scores in a store are those of `kind`: 0 is the task's own.
std::size_t place_of(const MaskStore& store, std::optional<ScoreKind> kind) {
  for (std::size_t i = 0; kind && i < store.others.size(); ++i) {
    if (store.others[i].kind == *kind) return i + 1;
  }
  return 0;
}

// The score of the text as it is.
double whole_score(const Task& task, std::size_t place, std::size_t target) {
  if (place == 0) return task.result.attributions[target].value;
  return task.masks->others[place - 1].score.value(task.logits, task.targets[target].readout);
}

bool hides_nothing(std::span<const std::uint8_t> units) {
  return std::find(units.begin(), units.end(), 1) == units.end();
}

}  // namespace

std::vector<double> MaskScores::of_target(std::size_t target) const {
  std::vector<double> column;
  for (std::size_t row = 0; row < rows(); ++row) column.push_back(at(row, target));
  return column;
}

MaskScorer::MaskScorer(std::string_view replace, std::span<Task> tasks, Scorer& scorer,
                       std::optional<ScoreKind> kind)
    : tasks_(tasks), scorer_(scorer), replacement_(replace, scorer), kind_(kind) {
  for (Task& task : tasks_) {
    if (!task.masks) task.masks = std::make_shared<MaskStore>();
    if (!replacement_.stand_in().note.empty()) task.note(replacement_.stand_in().note);
  }
}

void MaskScorer::score(std::span<const Design> designs, std::vector<MaskScores>& scores) {
  ASCRIBO_ASSERT(designs.size() == tasks_.size());
  scores.resize(tasks_.size());
  std::vector<Wanted> wanted;
  std::vector<std::vector<const std::vector<double>*>> found(tasks_.size());
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    Task& task = tasks_[i];
    scores[i].targets = task.targets.size();
    for (std::size_t row = scores[i].rows(); row < designs[i].rows(); ++row) {
      if (hides_nothing(designs[i].row(row))) {
        found[i].push_back(nullptr);
        continue;
      }
      std::vector<std::uint8_t> hidden = token_flags(task, designs[i].row(row));
      const auto [entry, is_new] =
          task.masks->scores.try_emplace(key_of(replacement_.stand_in().name, hidden));
      if (is_new) wanted.push_back({i, std::move(hidden), &entry->second});
      found[i].push_back(&entry->second);
    }
  }
  Sweep sweep{.count = static_cast<std::int64_t>(wanted.size()), .variant = [&](std::int64_t item) {
                const Wanted& mask = wanted[static_cast<std::size_t>(item)];
                return replacement_.variant(tasks_[mask.task], mask.hidden);
              }};
  sweep.only_scores = true;
  if (!replacement_.deletes()) sweep.rows = rows_of(wanted, tasks_);
  if (scorer_.model().info().causal) {
    sweep.shared = share(wanted, tasks_, replacement_.deletes(), scorer_.batch_tokens());
  }
  if (replacement_.fills()) {
    sweep.at = TapPoint{Tap::kWordEmbeddings, -1};
    sweep.fill = [&](std::int64_t item, Tensor& values) {
      const Wanted& mask = wanted[static_cast<std::size_t>(item)];
      replacement_.fill(scorer_.model(), tasks_[mask.task], mask.hidden, values);
    };
  }
  sweep.take = [&](std::int64_t item, const Outcome& outcome) {
    const Wanted& mask = wanted[static_cast<std::size_t>(item)];
    keep_scores(tasks_[mask.task], outcome.logits, *mask.scores);
  };
  try {
    scorer_.run(sweep);
  } catch (...) {
    for (const Wanted& mask : wanted) {
      if (!mask.scores->empty()) continue;
      Task& task = tasks_[mask.task];
      task.masks->scores.erase(key_of(replacement_.stand_in().name, mask.hidden));
    }
    throw;
  }
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    const std::size_t place = place_of(*tasks_[i].masks, kind_);
    for (const std::vector<double>* values : found[i]) {
      for (std::size_t k = 0; k < scores[i].targets; ++k) {
        scores[i].values.push_back(values ? (*values)[place * scores[i].targets + k]
                                          : whole_score(tasks_[i], place, k));
      }
    }
  }
}

void begin_unit_scores(Task& task) {
  if (task.keep_values) {
    task.note("values: " + task.result.method.name + " has no values per dimension");
  }
  if (task.result.units.size() == 1) {
    task.note("there is only one unit: its score is that of hiding the whole text");
  }
  for (Attribution& attribution : task.result.attributions) {
    attribution.scores.assign(task.result.units.size(), 0.0F);
  }
}

void set_unit_scores(Task& task, std::size_t target, std::span<const double> scores,
                     std::span<const double> errors) {
  Attribution& attribution = task.result.attributions[target];
  attribution.scores.assign(scores.begin(), scores.end());
  if (!errors.empty()) attribution.standard_error.emplace(errors.begin(), errors.end());
  check_scores(task, attribution);
}

void set_completeness(Task& task, std::size_t target, double all_hidden) {
  Attribution& attribution = task.result.attributions[target];
  attribution.baseline_value = all_hidden;
  const double sum = std::accumulate(attribution.scores.begin(), attribution.scores.end(), 0.0);
  attribution.delta = sum - (attribution.value - all_hidden);
}

}  // namespace ascribo
