// SPDX-License-Identifier: MIT
// Builds sequences with tokens replaced, deleted or out of sight.
#include "ascribo/explain/perturb/replacement.h"

#include <algorithm>
#include <string>

#include "ascribo/base/error.h"
#include "ascribo/explain/rows.h"

namespace ascribo {
namespace {

constexpr std::array<std::string_view, 2> kOthers = {"delete", "attention"};

// The first unit with a hidden token, for messages.
std::string hidden_unit(const Task& task, std::span<const std::uint8_t> hidden) {
  for (const UnitInfo& unit : task.result.units) {
    for (const std::int64_t token : unit.tokens) {
      if (hidden[static_cast<std::size_t>(token)]) return "\"" + unit.text + "\"";
    }
  }
  return "a unit";
}

// Positions and types of what is left are those of the shorter text.
Variant without(Task& task, std::span<const std::uint8_t> hidden) {
  const Sequence& sequence = task.sequence;
  Variant rest{&task, {}};
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    if (hidden[i]) continue;
    const auto token = static_cast<std::int64_t>(i);
    if (std::binary_search(sequence.reads.begin(), sequence.reads.end(), token)) {
      rest.sequence.reads.push_back(rest.sequence.size());
    }
    rest.kept.push_back(token);
    rest.sequence.positions.push_back(sequence.positions[rest.sequence.ids.size()]);
    rest.sequence.ids.push_back(sequence.ids[i]);
    rest.sequence.type_ids.push_back(sequence.type_ids[i]);
  }
  return rest;
}

// A token that is not there has no answer.
void check_answers_left(const Task& task, std::span<const std::uint8_t> hidden) {
  for (const Target& target : task.targets) {
    for (const std::int64_t token : target.tokens) {
      if (!hidden[static_cast<std::size_t>(token)]) continue;
      fail(Code::kUnsupported, task.result.method.name,
           hidden_unit(task, hidden) + " holds token " + std::to_string(token) +
               ", which target \"" + target.name + "\" asks about, and replace is delete",
           "expected a replacement that leaves the token in its place", "use another --replace");
    }
  }
}

}  // namespace

Replacement::Replacement(std::string_view name, Scorer& scorer)
    : stand_in_(find_stand_in("replace", name, scorer, kOthers)) {}

Variant Replacement::variant(Task& task, std::span<const std::uint8_t> hidden) const {
  Variant variant{&task, task.sequence};
  Sequence& sequence = variant.sequence;
  if (stand_in_.kind == StandIn::Kind::kZero) return variant;
  if (stand_in_.kind == StandIn::Kind::kToken) {
    for (std::size_t i = 0; i < hidden.size(); ++i) {
      if (hidden[i]) sequence.ids[i] = stand_in_.id;
    }
    return variant;
  }
  if (std::find(hidden.begin(), hidden.end(), 0) == hidden.end()) {
    fail(Code::kUnsupported, task.result.method.name,
         (task.result.units.size() == 1 ? hidden_unit(task, hidden) + " is the whole input"
                                        : "the units together are the whole input") +
             " and replace is " + stand_in_.name,
         "expected something to be left for the model to read", "use another --replace");
  }
  if (deletes()) {
    check_answers_left(task, hidden);
    return without(task, hidden);
  }
  sequence.visible.resize(hidden.size());
  std::transform(hidden.begin(), hidden.end(), sequence.visible.begin(),
                 [](std::uint8_t is_hidden) { return static_cast<std::uint8_t>(!is_hidden); });
  return variant;
}

void Replacement::fill(const Model& model, const Task& task, std::span<const std::uint8_t> hidden,
                       Tensor& values) const {
  copy_rows(model.word_embeddings(task.sequence.ids), values);
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    if (hidden[i]) clear_row(values, static_cast<std::int64_t>(i));
  }
}

}  // namespace ascribo
