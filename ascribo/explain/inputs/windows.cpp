// SPDX-License-Identifier: MIT
// Cuts windows and shares targets among them.
#include "ascribo/explain/inputs/windows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/explain/inputs/sequence.h"
#include "ascribo/explain/inputs/window_answers.h"

namespace ascribo {
namespace {

std::vector<std::size_t> side_tokens(const Encoding& encoding, int side) {
  std::vector<std::size_t> tokens;
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    if (encoding.sides[i] == side) tokens.push_back(i);
  }
  return tokens;
}

void check_settings(const Settings& settings, const ModelInfo& model) {
  if (settings.truncate) {
    fail(Code::kInvalidArgument, "window", "both truncate and window were given",
         "expected one of them");
  }
  if (*settings.window > model.max_positions) {
    fail(Code::kInvalidArgument, "window", std::to_string(*settings.window) + " tokens were given",
         "expected at most the model's " + std::to_string(model.max_positions) + " positions");
  }
  if (model.head == HeadKind::kCausalLanguageModel || model.head == HeadKind::kBase) {
    fail(Code::kUnsupported, "window",
         model.head == HeadKind::kBase ? "the model compares whole texts"
                                       : "the model goes on where a text ends",
         "expected a model with labels, answers or masks",
         "cut the text yourself, or use --truncate");
  }
}

/// Indices of the whole's tokens in a window, or nothing where it does not hold one.
std::vector<std::int64_t> places(const Window& window, std::size_t tokens) {
  std::vector<std::int64_t> local(tokens, -1);
  for (std::size_t i = 0; i < window.size(); ++i) local[window[i]] = static_cast<std::int64_t>(i);
  return local;
}

std::vector<std::int64_t> held(const std::vector<std::int64_t>& tokens,
                               const std::vector<std::int64_t>& local) {
  std::vector<std::int64_t> found;
  for (const std::int64_t token : tokens) {
    const std::int64_t place = local[static_cast<std::size_t>(token)];
    if (place >= 0) found.push_back(place);
  }
  return found;
}

/// Fills in `task`, which has what all windows of the whole have in common.
Task cut_window(const Task& whole, Task task, const Window& window, const ModelInfo& model) {
  task.part_tokens.assign(window.begin(), window.end());
  for (const std::size_t token : window) {
    task.sequence.ids.push_back(whole.sequence.ids[token]);
    task.sequence.type_ids.push_back(whole.sequence.type_ids[token]);
    task.result.tokens.push_back(whole.result.tokens[token]);
  }
  task.sequence.positions = number_positions(task.sequence.ids, model);
  const std::vector<std::int64_t> local = places(window, whole.sequence.ids.size());
  for (std::size_t unit = 0; unit < whole.result.units.size(); ++unit) {
    UnitInfo info = whole.result.units[unit];
    info.tokens = held(info.tokens, local);
    if (info.tokens.empty()) continue;
    task.result.units.push_back(std::move(info));
    task.part_units.push_back(unit);
  }
  task.rest = held(whole.rest, local);
  return task;
}

}  // namespace

std::vector<Window> find_windows(const Encoding& encoding, const Settings& settings,
                                 const ModelInfo& model) {
  if (!settings.window) return {};
  check_settings(settings, model);
  const auto length = static_cast<std::size_t>(*settings.window);
  if (encoding.size() <= length) return {};
  const std::vector<std::size_t> text = side_tokens(encoding, 0), pair = side_tokens(encoding, 1);
  const std::vector<std::size_t>& sliding = text.size() >= pair.size() ? text : pair;
  const std::size_t fixed = encoding.size() - sliding.size();
  if (fixed >= length) {
    fail(Code::kInvalidArgument, "window", std::to_string(length) + " tokens were given",
         "expected more than the " + std::to_string(fixed) +
             " that stand in every window: special tokens and the shorter side");
  }
  const std::size_t room = length - fixed;
  const auto stride = static_cast<std::size_t>(
      settings.stride.value_or(static_cast<std::int64_t>(std::max<std::size_t>(1, room / 2))));
  if (stride > room) {
    fail(Code::kInvalidArgument, "stride", std::to_string(stride) + " tokens were given",
         "expected at most " + std::to_string(room) +
             ", what a window holds of the text: a longer stride would leave tokens out");
  }
  std::vector<Window> windows;
  for (std::size_t begin = 0;; begin += stride) {
    begin = std::min(begin, sliding.size() - room);
    const std::size_t first = sliding[begin], last = sliding[begin + room - 1];
    Window window;
    for (std::size_t i = 0; i < encoding.size(); ++i) {
      const bool slides = encoding.sides[i] == encoding.sides[first];
      if (!slides || (i >= first && i <= last)) window.push_back(i);
    }
    windows.push_back(std::move(window));
    if (begin + room == sliding.size()) return windows;
  }
}

void cut_windows(Task& whole, const std::vector<Window>& windows, const ModelInfo& model) {
  if (windows.empty()) return;
  const std::string rule =
      answers_tokens(model.head)
          ? "each token is answered for by the window that shows most around it"
          : "the score is the mean of theirs, and so is every part of it";
  whole.note("the text is explained in " + std::to_string(windows.size()) + " windows of " +
             std::to_string(windows.front().size()) + " tokens; " + rule);
  Task blank = whole;
  blank.sequence = {};
  blank.result.tokens.clear();
  blank.result.units.clear();
  std::vector<Task> tasks;
  for (const Window& window : windows) tasks.push_back(cut_window(whole, blank, window, model));
  whole.parts = std::move(tasks);
}

void merge_window_logits(Task& whole, const ModelInfo& model) {
  if (whole.parts.empty()) return;
  if (answers_tokens(model.head)) return gather_logits(whole, model);
  whole.logits.assign(whole.parts.front().logits.size(), 0.0);
  const double share = 1 / static_cast<double>(whole.parts.size());
  for (const Task& window : whole.parts) {
    for (std::size_t i = 0; i < whole.logits.size(); ++i) {
      whole.logits[i] += share * window.logits[i];
    }
  }
}

void share_window_targets(Task& whole, const ModelInfo& model) {
  if (answers_tokens(model.head)) return share_token_targets(whole, model);
  const double share = 1 / static_cast<double>(whole.parts.size());
  for (Task& window : whole.parts) {
    window.targets = whole.targets;
    for (std::size_t k = 0; k < whole.targets.size(); ++k) {
      window.part_targets.push_back({k, share});
    }
  }
}

}  // namespace ascribo
