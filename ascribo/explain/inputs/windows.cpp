// SPDX-License-Identifier: MIT
// Cuts windows and stitches their scores.
#include "ascribo/explain/inputs/windows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <variant>

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

constexpr float kUnseen = std::numeric_limits<float>::quiet_NaN();

void add_values(const Task& window, const Attribution& part, double share, const Task& whole,
                Attribution& sum) {
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

/// Adds a window's share of one of its attributions to the whole's. What no window holds stays NaN:
/// the target does not see it.
void add_attribution(const Task& window, std::size_t k, double share, Task& whole) {
  const Attribution& part = window.result.attributions[k];
  Attribution& sum = whole.result.attributions[window.window_targets[k]];
  sum.value += share * part.value;
  const auto add = [&](const std::optional<double>& from, std::optional<double>& to) {
    if (from) to = to.value_or(0) + share * *from;
  };
  add(part.baseline_value, sum.baseline_value);
  add(part.delta, sum.delta);
  add(part.special, sum.special);
  const auto so_far = [](float value) { return std::isnan(value) ? 0.0F : value; };
  for (std::size_t i = 0; i < part.scores.size(); ++i) {
    float& score = sum.scores[window.window_units[i]];
    score = so_far(score) + static_cast<float>(share) * part.scores[i];
  }
  // Windows are sampled independently: their variances add up.
  if (part.standard_error) {
    if (!sum.standard_error) sum.standard_error.emplace(sum.scores.size(), kUnseen);
    for (std::size_t i = 0; i < part.standard_error->size(); ++i) {
      float& error = (*sum.standard_error)[window.window_units[i]];
      error = std::hypot(so_far(error), static_cast<float>(share) * (*part.standard_error)[i]);
    }
  }
  add_values(window, part, share, whole, sum);
}

/// Adds up what a window says of the whole's cost, notes and baseline.
void add_evidence(const Task& window, Task& whole) {
  Explanation& result = whole.result;
  result.cost.forward_tokens += window.result.cost.forward_tokens;
  result.cost.backward_tokens += window.result.cost.backward_tokens;
  whole.runs.forwards += window.runs.forwards;
  whole.runs.backwards += window.runs.backwards;
  whole.runs.at_most = whole.runs.at_most || window.runs.at_most;
  for (const std::string& note : window.result.notes) whole.note(note);
  if (!window.result.baseline) return;
  const std::vector<std::string>& tokens = window.result.baseline->tokens;
  if (!result.baseline) {
    result.baseline = {window.result.baseline->kind, {}};
    // Where no window comes, nothing is replaced.
    for (const TokenInfo& token : result.tokens) {
      if (!tokens.empty()) result.baseline->tokens.push_back(token.text);
    }
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    result.baseline->tokens[window.window_tokens[i]] = tokens[i];
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

void merge_logits(Task& whole, const ModelInfo& model) {
  if (whole.windows.empty()) return;
  if (answers_tokens(model.head)) return gather_logits(whole, model);
  whole.logits.assign(whole.windows.front().logits.size(), 0.0);
  const double share = 1 / static_cast<double>(whole.windows.size());
  for (const Task& window : whole.windows) {
    for (std::size_t i = 0; i < whole.logits.size(); ++i) {
      whole.logits[i] += share * window.logits[i];
    }
  }
}

void share_targets(Task& whole, const ModelInfo& model) {
  if (answers_tokens(model.head)) return share_token_targets(whole, model);
  for (Task& window : whole.windows) {
    window.targets = whole.targets;
    for (std::size_t k = 0; k < whole.targets.size(); ++k) window.window_targets.push_back(k);
  }
}

void share_attributions(Task& whole) {
  for (Task& window : whole.windows) {
    window.result.prediction = whole.result.prediction;
    for (std::size_t k = 0; k < window.targets.size(); ++k) {
      window.result.attributions.push_back(whole.result.attributions[window.window_targets[k]]);
      window.result.attributions.back().value = window.value(window.logits, k);
    }
  }
}

void stitch(Task& whole) {
  if (whole.windows.empty()) return;
  Explanation& result = whole.result;
  std::vector<double> windows(result.attributions.size(), 0.0);  // of each target
  for (const Task& window : whole.windows) {
    for (const std::size_t k : window.window_targets) ++windows[k];
  }
  for (Attribution& attribution : result.attributions) {
    attribution.value = 0;
    attribution.scores.assign(result.units.size(), kUnseen);
  }
  for (const Task& window : whole.windows) {
    for (std::size_t k = 0; k < window.window_targets.size(); ++k) {
      add_attribution(window, k, 1 / windows[window.window_targets[k]], whole);
    }
    add_evidence(window, whole);
  }
  result.method = whole.windows.front().result.method;
  for (const Task& window : whole.windows) keep_largest(window.result.method, result.method);
  whole.windows.clear();
}

}  // namespace ascribo
