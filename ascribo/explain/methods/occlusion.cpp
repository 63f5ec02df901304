// SPDX-License-Identifier: MIT
// Occlusion: what the score loses when one unit is hidden. (Zeiler and Fergus 2014; for text
// Li, Monroe, Jurafsky 2016.)
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/rows.h"
#include "ascribo/explain/stand_in.h"

namespace ascribo {
namespace {

struct Options {
  std::string replace = "mask";
};

const OptionSet<Options>& option_set() {
  static const OptionSet<Options> set = OptionSet<Options>().add(
      "replace", &Options::replace,
      "what stands in a hidden unit's place: mask, pad, unk, token:ID, zero (vectors), delete (the "
      "text without it) or attention (it is there, but nothing looks at it)");
  return set;
}

// One text with one of its units hidden.
struct Hidden {
  std::size_t task, unit;
};

std::vector<std::uint8_t> hidden_tokens(const Task& task, std::size_t unit) {
  std::vector<std::uint8_t> hidden(task.sequence.ids.size(), 0);
  for (std::int64_t token : task.result.units[unit].tokens) {
    hidden[static_cast<std::size_t>(token)] = 1;
  }
  if (std::find(hidden.begin(), hidden.end(), 0) == hidden.end()) return {};
  return hidden;
}

// Positions and types of what is left are those of the shorter text.
Variant without(Task& task, const std::vector<std::uint8_t>& hidden) {
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
void check_answers_left(const Task& task, std::size_t unit,
                        const std::vector<std::uint8_t>& hidden) {
  for (const Target& target : task.targets) {
    for (const std::int64_t token : target.tokens) {
      if (!hidden[static_cast<std::size_t>(token)]) continue;
      fail(Code::kUnsupported, "occlusion",
           "\"" + task.result.units[unit].text + "\" holds token " + std::to_string(token) +
               ", which target \"" + target.name + "\" asks about, and replace is delete",
           "expected a replacement that leaves the token in its place", "use another --replace");
    }
  }
}

Variant hide(Task& task, std::size_t unit, const StandIn& stand_in) {
  Variant variant{&task, task.sequence};
  Sequence& sequence = variant.sequence;
  if (stand_in.kind == StandIn::Kind::kZero) return variant;
  if (stand_in.kind == StandIn::Kind::kToken) {
    for (std::int64_t token : task.result.units[unit].tokens) {
      sequence.ids[static_cast<std::size_t>(token)] = stand_in.id;
    }
    return variant;
  }
  const std::vector<std::uint8_t> hidden = hidden_tokens(task, unit);
  if (hidden.empty()) {
    fail(Code::kUnsupported, "occlusion",
         "\"" + task.result.units[unit].text + "\" is the whole input and replace is " +
             stand_in.name,
         "expected something to be left for the model to read", "use another --replace");
  }
  if (stand_in.name == "delete") {
    check_answers_left(task, unit, hidden);
    return without(task, hidden);
  }
  sequence.visible.resize(hidden.size());
  std::transform(hidden.begin(), hidden.end(), sequence.visible.begin(),
                 [](std::uint8_t is_hidden) { return static_cast<std::uint8_t>(!is_hidden); });
  return variant;
}

void run(const OptionValues& given, std::span<Task> tasks, Scorer& scorer) {
  const Options options = option_set().parse("occlusion", given);
  constexpr std::array<std::string_view, 2> kOthers = {"delete", "attention"};
  const StandIn stand_in = find_stand_in("replace", options.replace, scorer, kOthers);

  std::vector<Hidden> variants;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    Task& task = tasks[i];
    task.result.method.options = option_set().values(options);
    if (!stand_in.note.empty()) task.note(stand_in.note);
    if (task.keep_values) task.note("values: occlusion has no values per dimension");
    if (task.result.units.size() == 1) {
      task.note("there is only one unit: its score is that of hiding the whole text");
    }
    for (Attribution& attribution : task.result.attributions) {
      attribution.scores.assign(task.result.units.size(), 0.0F);
    }
    for (std::size_t unit = 0; unit < task.result.units.size(); ++unit) {
      variants.push_back({i, unit});
    }
  }
  Sweep sweep{.count = static_cast<std::int64_t>(variants.size()),
              .variant = [&](std::int64_t item) {
                const Hidden& hidden = variants[static_cast<std::size_t>(item)];
                return hide(tasks[hidden.task], hidden.unit, stand_in);
              }};
  if (stand_in.kind == StandIn::Kind::kZero) {
    sweep.at = TapPoint{Tap::kWordEmbeddings, -1};
    sweep.fill = [&](std::int64_t item, Tensor& values) {
      const Hidden& hidden = variants[static_cast<std::size_t>(item)];
      const Task& task = tasks[hidden.task];
      copy_rows(scorer.model().word_embeddings(task.sequence.ids), values);
      for (std::int64_t token : task.result.units[hidden.unit].tokens) clear_row(values, token);
    };
  }
  sweep.take = [&](std::int64_t item, const Outcome& outcome) {
    const Hidden& hidden = variants[static_cast<std::size_t>(item)];
    Task& task = tasks[hidden.task];
    for (std::size_t k = 0; k < task.targets.size(); ++k) {
      Attribution& attribution = task.result.attributions[k];
      attribution.scores[hidden.unit] =
          static_cast<float>(attribution.value - task.value(outcome.logits, k));
    }
  };
  scorer.run(sweep);
  for (const Task& task : tasks) {
    for (const Attribution& attribution : task.result.attributions) {
      check_scores(task, attribution);
    }
  }
}

}  // namespace

const Method& method_occlusion() {
  static const Method method{
      .name = "occlusion",
      .family = Family::kPerturbation,
      .summary = "What the score loses when one unit is hidden.",
      .formula = "a_i = F(x) - F(x without unit i)",
      .paper =
          "Zeiler, Fergus 2014: Visualizing and Understanding Convolutional Networks; Li, "
          "Monroe, Jurafsky 2016: Understanding Neural Networks through Representation Erasure",
      .cost = "1 forward per unit, and 1",
      .exact_on_linear = true,
      .options = [] { return option_set().describe(); },
      .run = run};
  return method;
}

}  // namespace ascribo
