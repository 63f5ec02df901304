// SPDX-License-Identifier: MIT
// Finds the window of a token and moves what a target reads into it.
#include "ascribo/explain/inputs/window_answers.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

/// Where a token of the whole is in a window.
std::optional<std::int64_t> place_in(const Task& window, std::int64_t token) {
  const std::vector<std::size_t>& tokens = window.part_tokens;
  const auto found =
      std::lower_bound(tokens.begin(), tokens.end(), static_cast<std::size_t>(token));
  if (found == tokens.end() || *found != static_cast<std::size_t>(token)) return {};
  return found - tokens.begin();
}

/// Which of a task's answers is that of a token.
std::int64_t answer_of(const Task& task, std::int64_t token) {
  const std::vector<std::int64_t>& reads = task.sequence.reads;
  if (reads.empty()) return token;
  return std::lower_bound(reads.begin(), reads.end(), token) - reads.begin();
}

/// The token whose answer that is.
std::int64_t token_of(const Task& task, std::int64_t answer) {
  const std::vector<std::int64_t>& reads = task.sequence.reads;
  return reads.empty() ? answer : reads[static_cast<std::size_t>(answer)];
}

/// How many neighbours a token of the text has in a window, on the side where it has fewer; nothing
/// where the window does not hold it.
std::optional<std::int64_t> context(const Task& window, std::int64_t token) {
  const auto place = place_in(window, token);
  if (!place) return {};
  const auto& tokens = window.part_tokens;
  const auto follows = [&](std::int64_t at) {  // without a gap
    return tokens[static_cast<std::size_t>(at)] + 1 == tokens[static_cast<std::size_t>(at) + 1];
  };
  std::int64_t before = 0, after = 0;
  while (before < *place && follows(*place - before - 1)) ++before;
  const auto count = static_cast<std::int64_t>(tokens.size());
  while (*place + after + 1 < count && follows(*place + after)) ++after;
  return std::min(before, after);
}

/// The window that shows most around all of these tokens.
std::optional<std::size_t> window_of(const Task& whole, std::span<const std::int64_t> tokens) {
  std::optional<std::size_t> best;
  std::int64_t most = -1;
  for (std::size_t w = 0; w < whole.parts.size(); ++w) {
    std::optional<std::int64_t> least;
    bool holds = true;
    for (const std::int64_t token : tokens) {
      const auto around = context(whole.parts[w], token);
      holds = holds && around;
      if (around) least = std::min(least.value_or(*around), *around);
    }
    if (!holds || *least <= most) continue;
    most = *least;
    best = w;
  }
  return best;
}

/// A cell of the whole's logits in those of a window. Cells of one answer lie side by side; where
/// all tokens compete, as many as the window has.
Cell cell_in(const Task& window, const Task& whole, Cell cell, std::int64_t outputs) {
  const std::int64_t token = token_of(whole, cell.index / outputs);
  const std::int64_t shift =
      (answer_of(window, *place_in(window, token)) - cell.index / outputs) * outputs;
  cell.index += shift;
  if (cell.stride == outputs && cell.count > 1) {
    cell.count = static_cast<std::int64_t>(window.part_tokens.size());
  } else {
    cell.first += shift;
  }
  return cell;
}

Target target_in(const Task& window, const Task& whole, Target target, std::int64_t outputs) {
  for (std::int64_t& token : target.tokens) token = *place_in(window, token);
  target.readout.each_cell([&](Cell& cell) { cell = cell_in(window, whole, cell, outputs); });
  return target;
}

}  // namespace

void share_reads(Task& whole) {
  if (whole.sequence.reads.empty()) return;
  for (Task& window : whole.parts) {
    for (const std::int64_t token : whole.sequence.reads) {
      if (const auto place = place_in(window, token)) window.sequence.reads.push_back(*place);
    }
  }
  std::erase_if(whole.parts, [](const Task& window) { return window.sequence.reads.empty(); });
}

void gather_logits(Task& whole, const ModelInfo& model) {
  if (whole.parts.empty()) return;
  const std::int64_t answers = whole.sequence.reads.empty()
                                   ? whole.sequence.size()
                                   : static_cast<std::int64_t>(whole.sequence.reads.size());
  whole.logits.clear();
  for (std::int64_t answer = 0; answer < answers; ++answer) {
    const std::int64_t token = token_of(whole, answer);
    const Task& window = whole.parts[*window_of(whole, {&token, 1})];
    const auto from =
        window.logits.begin() + answer_of(window, *place_in(window, token)) * model.outputs;
    whole.logits.insert(whole.logits.end(), from, from + model.outputs);
  }
}

void share_token_targets(Task& whole, const ModelInfo& model) {
  if (whole.parts.empty()) return;
  for (std::size_t k = 0; k < whole.targets.size(); ++k) {
    const Target& target = whole.targets[k];
    if (target.readout.function && model.head == HeadKind::kQuestionAnswering) {
      fail(Code::kUnsupported, "target",
           '"' + target.name + "\" is a function of all answers, and no window has them all",
           "expected a text that is read at once");
    }
    const auto found = window_of(whole, target.tokens);
    if (!found) {
      const auto [first, last] = std::minmax_element(target.tokens.begin(), target.tokens.end());
      fail(Code::kInvalidArgument, "target",
           "no window holds both token " + std::to_string(*first) + " and token " +
               std::to_string(*last),
           "expected tokens that one window holds",
           "a longer --window or a shorter --stride shows more around each token");
    }
    Task& window = whole.parts[*found];
    window.targets.push_back(target_in(window, whole, target, model.outputs));
    window.part_targets.push_back({k, 1.0});
  }
  std::erase_if(whole.parts, [](const Task& window) { return window.targets.empty(); });
}

}  // namespace ascribo
