// SPDX-License-Identifier: MIT
// Builds baselines.
#include "ascribo/explain/baselines.h"

#include <utility>

#include "ascribo/explain/rows.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {

Baseline::Baseline(StandIn stand_in, std::optional<KeepSpecial> keep)
    : stand_in_(std::move(stand_in)),
      keep_special_(keep ? *keep == KeepSpecial::kYes : stand_in_.kind != StandIn::Kind::kZero) {}

Sequence Baseline::sequence(const Task& task) const {
  Sequence sequence = task.sequence;
  if (is_zero()) return sequence;
  for (std::size_t i = 0; i < sequence.ids.size(); ++i) {
    if (replaces(task.result.tokens[i])) sequence.ids[i] = stand_in_.id;
  }
  return sequence;
}

void Baseline::zero_rows(const Task& task, Tensor& values) const {
  for (std::size_t i = 0; i < task.result.tokens.size(); ++i) {
    if (replaces(task.result.tokens[i])) clear_row(values, static_cast<std::int64_t>(i));
  }
}

BaselineSummary Baseline::summary(const Task& task, const Tokenizer* tokenizer) const {
  BaselineSummary summary;
  summary.kind = stand_in_.name;
  if (is_zero() && !keep_special_) return summary;
  const std::string token = is_zero() || tokenizer == nullptr ? "" : tokenizer->token(stand_in_.id);
  for (const TokenInfo& own : task.result.tokens) {
    summary.tokens.push_back(replaces(own) ? token : own.text);
  }
  return summary;
}

}  // namespace ascribo
