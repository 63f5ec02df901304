// SPDX-License-Identifier: MIT
// Takes parts out of their wholes, and puts their results together.
#include "ascribo/explain/inputs/parts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <variant>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

constexpr float kUnseen = std::numeric_limits<float>::quiet_NaN();

void add_values(const Task& part, const Attribution& from, float share, const Task& whole,
                Attribution& sum) {
  if (!from.values) return;
  const std::size_t width = from.values->size() / part.sequence.ids.size();
  if (!sum.values) sum.values.emplace(whole.sequence.ids.size() * width, 0.0F);
  for (std::size_t i = 0; i < part.part_tokens.size(); ++i) {
    for (std::size_t d = 0; d < width; ++d) {
      (*sum.values)[part.part_tokens[i] * width + d] += share * (*from.values)[i * width + d];
    }
  }
}

/// Adds a part's share of one of its attributions to the whole's. What no part holds stays NaN.
void add_attribution(const Task& part, std::size_t k, Task& whole) {
  const auto [place, share] = part.part_targets[k];
  const Attribution& from = part.result.attributions[k];
  Attribution& sum = whole.result.attributions[place];
  sum.value += share * from.value;
  const auto add = [share = share](const std::optional<double>& more, std::optional<double>& to) {
    if (more) to = to.value_or(0) + share * *more;
  };
  add(from.baseline_value, sum.baseline_value);
  add(from.delta, sum.delta);
  add(from.special, sum.special);
  const auto so_far = [](float value) { return std::isnan(value) ? 0.0F : value; };
  const auto scale = static_cast<float>(share);
  for (std::size_t i = 0; i < from.scores.size(); ++i) {
    float& score = sum.scores[part.part_units[i]];
    score = so_far(score) + scale * from.scores[i];
  }
  // Parts are sampled independently: their variances add up.
  if (from.standard_error) {
    if (!sum.standard_error) sum.standard_error.emplace(sum.scores.size(), kUnseen);
    for (std::size_t i = 0; i < from.standard_error->size(); ++i) {
      float& error = (*sum.standard_error)[part.part_units[i]];
      error = std::hypot(so_far(error), scale * (*from.standard_error)[i]);
    }
  }
  add_values(part, from, scale, whole, sum);
}

/// Adds up what a part says of the whole's cost, notes and baseline.
void add_evidence(const Task& part, Task& whole) {
  Explanation& result = whole.result;
  result.cost.forward_tokens += part.result.cost.forward_tokens;
  result.cost.backward_tokens += part.result.cost.backward_tokens;
  whole.runs.forwards += part.runs.forwards;
  whole.runs.backwards += part.runs.backwards;
  whole.runs.at_most = whole.runs.at_most || part.runs.at_most;
  for (const std::string& note : part.result.notes) whole.note(note);
  if (part.result.layers) whole.note("layer tables are left out: every part has its own");
  if (!part.result.baseline) return;
  const std::vector<std::string>& tokens = part.result.baseline->tokens;
  if (!result.baseline) {
    result.baseline = {part.result.baseline->kind, {}};
    // Where no part comes, nothing is replaced.
    for (const TokenInfo& token : result.tokens) {
      if (!tokens.empty()) result.baseline->tokens.push_back(token.text);
    }
  }
  for (std::size_t i = 0; !tokens.empty() && i < part.part_tokens.size(); ++i) {
    result.baseline->tokens[part.part_tokens[i]] = tokens[i];
  }
}

/// What parts needed is reported as the most that one needed: points, samples. Other numbers are
/// the same in all.
void keep_largest(const MethodSummary& part, MethodSummary& whole) {
  for (std::size_t i = 0; i < whole.options.size(); ++i) {
    const auto* count = std::get_if<std::int64_t>(&part.options[i].second);
    auto* most = std::get_if<std::int64_t>(&whole.options[i].second);
    if (count != nullptr && most != nullptr) *most = std::max(*most, *count);
  }
}

}  // namespace

std::vector<Task> unpack(std::span<Task> tasks) {
  std::vector<Task> running;
  for (Task& task : tasks) {
    if (task.parts.empty()) {
      running.push_back(std::move(task));
      continue;
    }
    for (Task& part : task.parts) running.push_back(std::move(part));
  }
  return running;
}

void repack(std::vector<Task> running, std::span<Task> tasks) {
  auto next = running.begin();
  for (Task& task : tasks) {
    if (task.parts.empty()) {
      task = std::move(*next++);
      continue;
    }
    for (Task& part : task.parts) part = std::move(*next++);
  }
}

void share_attributions(Task& whole) {
  for (Task& part : whole.parts) {
    part.result.prediction = whole.result.prediction;
    for (std::size_t k = 0; k < part.targets.size(); ++k) {
      part.result.attributions.push_back(whole.result.attributions[part.part_targets[k].place]);
      part.result.attributions.back().value = part.value(part.logits, k);
    }
  }
}

void stitch(Task& whole) {
  if (whole.parts.empty()) return;
  Explanation& result = whole.result;
  result.method = whole.parts.front().result.method;
  if (whole.is_contrast && !result.method.is_signed) {
    fail(Code::kUnsupported, "versus",
         "the scores of " + result.method.name +
             " have no signs, and two continuations are compared",
         "expected a method whose scores can be subtracted", "use another method or --reduce sum");
  }
  for (Attribution& attribution : result.attributions) {
    attribution.value = 0;
    attribution.scores.assign(result.units.size(), kUnseen);
  }
  for (const Task& part : whole.parts) {
    for (std::size_t k = 0; k < part.part_targets.size(); ++k) add_attribution(part, k, whole);
    add_evidence(part, whole);
    keep_largest(part.result.method, result.method);
  }
}

}  // namespace ascribo
