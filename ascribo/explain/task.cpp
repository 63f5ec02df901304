// SPDX-License-Identifier: MIT
// Results of one text: from tokens to units.
#include "ascribo/explain/task.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "ascribo/base/assert.h"
#include "ascribo/base/error.h"

namespace ascribo {

void Task::add_forward(std::int64_t rows) {
  ++runs.forwards;
  result.cost.forward_tokens += rows;
}

void Task::add_backwards(std::int64_t rows, std::size_t targets) {
  const auto count = static_cast<std::int64_t>(targets);
  runs.backwards += count;
  result.cost.backward_tokens += rows * count;
}

void Task::note(const std::string& text) {
  auto& notes = result.notes;
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(text);
}

void set_scores(Task& task, std::size_t target, std::span<const double> token_scores,
                Aggregate how) {
  ASCRIBO_ASSERT(token_scores.size() == task.sequence.ids.size());
  Attribution& attribution = task.result.attributions[target];
  attribution.scores.clear();
  for (const UnitInfo& unit : task.result.units) {
    std::vector<std::int64_t> seen;
    std::copy_if(unit.tokens.begin(), unit.tokens.end(), std::back_inserter(seen),
                 [&](std::int64_t token) { return task.sees(attribution, token); });
    attribution.scores.push_back(
        seen.empty() ? 0.0F : static_cast<float>(aggregate(how, token_scores, seen)));
  }
  if (!task.rest.empty()) {
    if (task.special == SpecialRule::kDrop) {
      task.note("special tokens are left out; their scores are not reported");
    } else {
      attribution.special = aggregate(how, token_scores, task.rest);
    }
  }
  check_scores(task, attribution);
}

void set_values(Task& task, std::size_t target, std::span<const double> values, Reduce how,
                Aggregate tokens_how) {
  const std::size_t tokens = task.sequence.ids.size();
  const std::size_t width = values.size() / tokens;
  std::vector<double> token_scores;
  for (std::size_t i = 0; i < tokens; ++i) {
    token_scores.push_back(reduce(how, values.subspan(i * width, width)));
  }
  set_scores(task, target, token_scores, tokens_how);
  if (task.keep_values) {
    task.result.attributions[target].values.emplace(values.begin(), values.end());
  }
}

void hide_unseen(Task& task) {
  if (!task.causal) return;
  constexpr float kUnseen = std::numeric_limits<float>::quiet_NaN();
  for (Attribution& attribution : task.result.attributions) {
    for (std::size_t u = 0; u < attribution.scores.size(); ++u) {
      if (task.sees(attribution, task.result.units[u].tokens.front())) continue;
      attribution.scores[u] = kUnseen;
      if (attribution.standard_error) (*attribution.standard_error)[u] = kUnseen;
    }
  }
}

void check_scores(const Task& task, const Attribution& attribution) {
  for (std::size_t i = 0; i < attribution.scores.size(); ++i) {
    if (std::isfinite(attribution.scores[i])) continue;
    fail(Code::kBadCheckpoint, task.result.method.name,
         "the score of \"" + task.result.units[i].text + "\" for target \"" + attribution.target +
             "\" is " + std::to_string(attribution.scores[i]),
         "expected finite numbers",
         "the weights may be damaged, or their values too large for fp32");
  }
}

}  // namespace ascribo
