// SPDX-License-Identifier: MIT
// Cuts windows and stitches their scores.
#include "ascribo/explain/inputs/windows.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <variant>

#include "ascribo/base/error.h"
#include "ascribo/explain/inputs/sequence.h"

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
  if (model.head != HeadKind::kSequenceClassification) {
    fail(Code::kUnsupported, "window", "the model does not answer once for the whole text",
         "expected a classifier of whole texts", "cut the text yourself, or use --truncate");
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
  task.window_tokens.assign(window.begin(), window.end());
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
    task.window_units.push_back(unit);
  }
  task.rest = held(whole.rest, local);
  return task;
}

/// Adds a window's share of one attribution to the whole's.
void add_attribution(const Task& window, std::size_t k, double share, Task& whole) {
  const Attribution& part = window.result.attributions[k];
  Attribution& sum = whole.result.attributions[k];
  sum.value += share * part.value;
  const auto add = [&](const std::optional<double>& from, std::optional<double>& to) {
    if (from) to = to.value_or(0) + share * *from;
  };
  add(part.baseline_value, sum.baseline_value);
  add(part.delta, sum.delta);
  add(part.special, sum.special);
  for (std::size_t i = 0; i < part.scores.size(); ++i) {
    sum.scores[window.window_units[i]] += static_cast<float>(share) * part.scores[i];
  }
  // Windows are sampled independently: their variances add up.
  if (part.standard_error) {
    if (!sum.standard_error) sum.standard_error.emplace(sum.scores.size(), 0.0F);
    for (std::size_t i = 0; i < part.standard_error->size(); ++i) {
      float& error = (*sum.standard_error)[window.window_units[i]];
      error = std::hypot(error, static_cast<float>(share) * (*part.standard_error)[i]);
    }
  }
  if (!part.values) return;
  const std::size_t width = part.values->size() / window.window_tokens.size();
  if (!sum.values) sum.values.emplace(whole.sequence.ids.size() * width, 0.0F);
  for (std::size_t i = 0; i < window.window_tokens.size(); ++i) {
    for (std::size_t d = 0; d < width; ++d) {
      (*sum.values)[window.window_tokens[i] * width + d] +=
          static_cast<float>(share) * (*part.values)[i * width + d];
    }
  }
}

/// What windows needed is reported as the most that one needed: points, samples. Other numbers are
/// the same in all.
void keep_largest(const MethodSummary& window, MethodSummary& whole) {
  for (std::size_t i = 0; i < whole.options.size(); ++i) {
    const auto* count = std::get_if<std::int64_t>(&window.options[i].second);
    auto* most = std::get_if<std::int64_t>(&whole.options[i].second);
    if (count != nullptr && most != nullptr) *most = std::max(*most, *count);
  }
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
  whole.note("the text is explained in " + std::to_string(windows.size()) + " windows of " +
             std::to_string(windows.front().size()) +
             " tokens; the score is the mean of theirs, and so is every part of it");
  Task blank = whole;
  blank.sequence = {};
  blank.result.tokens.clear();
  blank.result.units.clear();
  std::vector<Task> tasks;
  for (const Window& window : windows) tasks.push_back(cut_window(whole, blank, window, model));
  whole.windows = std::move(tasks);
}

std::vector<Task> unpack(std::span<Task> tasks) {
  std::vector<Task> running;
  for (Task& task : tasks) {
    if (task.windows.empty()) running.push_back(std::move(task));
    for (Task& window : task.windows) running.push_back(std::move(window));
  }
  return running;
}

void repack(std::vector<Task> running, std::span<Task> tasks) {
  auto next = running.begin();
  for (Task& task : tasks) {
    if (task.windows.empty()) {
      task = std::move(*next++);
      continue;
    }
    for (Task& window : task.windows) window = std::move(*next++);
  }
}

void average_logits(Task& whole) {
  if (whole.windows.empty()) return;
  whole.logits.assign(whole.windows.front().logits.size(), 0.0);
  const double share = 1 / static_cast<double>(whole.windows.size());
  for (const Task& window : whole.windows) {
    for (std::size_t i = 0; i < whole.logits.size(); ++i) {
      whole.logits[i] += share * window.logits[i];
    }
  }
}

void share_targets(Task& whole) {
  for (Task& window : whole.windows) {
    window.targets = whole.targets;
    window.result.prediction = whole.result.prediction;
    window.result.attributions = whole.result.attributions;
    for (std::size_t k = 0; k < window.targets.size(); ++k) {
      window.result.attributions[k].value = window.value(window.logits, k);
    }
  }
}

void stitch(Task& whole) {
  if (whole.windows.empty()) return;
  Explanation& result = whole.result;
  const double share = 1 / static_cast<double>(whole.windows.size());
  for (Attribution& attribution : result.attributions) {
    attribution.value = 0;
    attribution.scores.assign(result.units.size(), 0.0F);
  }
  for (Task& window : whole.windows) {
    for (std::size_t k = 0; k < result.attributions.size(); ++k) {
      add_attribution(window, k, share, whole);
    }
    result.cost.forward_tokens += window.result.cost.forward_tokens;
    result.cost.backward_tokens += window.result.cost.backward_tokens;
    whole.runs.forwards += window.runs.forwards;
    whole.runs.backwards += window.runs.backwards;
    whole.runs.at_most = whole.runs.at_most || window.runs.at_most;
    for (const std::string& note : window.result.notes) whole.note(note);
    if (!window.result.baseline) continue;
    if (!result.baseline) {
      result.baseline = {window.result.baseline->kind, {}};
      if (!window.result.baseline->tokens.empty()) {
        result.baseline->tokens.resize(whole.sequence.ids.size());
      }
    }
    for (std::size_t i = 0; i < window.result.baseline->tokens.size(); ++i) {
      result.baseline->tokens[window.window_tokens[i]] = window.result.baseline->tokens[i];
    }
  }
  result.method = whole.windows.front().result.method;
  for (const Task& window : whole.windows) keep_largest(window.result.method, result.method);
  whole.windows.clear();
}

}  // namespace ascribo
