// SPDX-License-Identifier: MIT
// Runs texts as they are, and settles what is to be explained.
#include <algorithm>
#include <utility>

#include "ascribo/explain/heads/target_sum.h"
#include "ascribo/explain/inputs/contrast.h"
#include "ascribo/explain/inputs/parts.h"
#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/inputs/window_answers.h"
#include "ascribo/explain/inputs/windows.h"

namespace ascribo {
namespace {

std::vector<std::int64_t> all_tokens(const Sequence& sequence) {
  std::vector<std::int64_t> tokens;
  for (std::int64_t i = 0; i < sequence.size(); ++i) tokens.push_back(i);
  return tokens;
}

/// The tokens whose answers a task has.
std::vector<std::int64_t> tokens_read(const Task& task, const ModelInfo& model) {
  if (!answers_tokens(model.head)) return {};
  return task.sequence.reads.empty() ? all_tokens(task.sequence) : task.sequence.reads;
}

/// Calls use(answers) with what a task's logits say.
template <class Use>
auto with_answers(const Task& task, const Parts& parts, Use use) {
  const std::vector<std::int64_t> tokens = tokens_read(task, parts.model.info());
  return use(Answers{.logits = task.logits,
                     .tokens = tokens,
                     .shown = task.result,
                     .outputs = parts.model.info().outputs,
                     .other = task.other_vector});
}

/// The vectors of the texts that others are compared with.
void find_other_vectors(std::span<Task> tasks, Scorer& scorer) {
  std::vector<Task*> compared;
  for (Task& task : tasks) {
    if (task.other) compared.push_back(&task);
  }
  scorer.run({.count = static_cast<std::int64_t>(compared.size()),
              .variant =
                  [&](std::int64_t item) {
                    Task* task = compared[static_cast<std::size_t>(item)];
                    return Variant{task, *task->other};
                  },
              .take =
                  [&](std::int64_t item, const Outcome& outcome) {
                    compared[static_cast<std::size_t>(item)]->other_vector =
                        std::make_shared<const std::vector<double>>(outcome.logits.begin(),
                                                                    outcome.logits.end());
                  }});
}

/// Leaves out the answers that no target reads. A question's answers stay, since they all compete.
void narrow(Task& task, const ModelInfo& model) {
  if (!answers_tokens(model.head) || model.head == HeadKind::kQuestionAnswering) return;
  const std::vector<std::int64_t> before = tokens_read(task, model);
  std::vector<std::int64_t> needed;
  for (const Target& target : task.targets) {
    needed.insert(needed.end(), target.tokens.begin(), target.tokens.end());
  }
  std::sort(needed.begin(), needed.end());
  needed.erase(std::unique(needed.begin(), needed.end()), needed.end());
  std::vector<double> logits;
  std::vector<std::int64_t> places(before.size(), 0);  // of old answers among the new
  for (std::size_t i = 0; i < needed.size(); ++i) {
    const auto old = std::lower_bound(before.begin(), before.end(), needed[i]) - before.begin();
    places[static_cast<std::size_t>(old)] = static_cast<std::int64_t>(i);
    const auto from = task.logits.begin() + old * model.outputs;
    logits.insert(logits.end(), from, from + model.outputs);
  }
  for (Target& target : task.targets) {
    target.readout.each_cell([&](Cell& cell) {
      const std::int64_t place = places[static_cast<std::size_t>(cell.first / model.outputs)];
      cell.index += place * model.outputs - cell.first;
      cell.first = place * model.outputs;
    });
  }
  task.sequence.reads = std::move(needed);
  task.logits = std::move(logits);
}

void resolve(Task& task, const Parts& parts) {
  task.targets = with_answers(task, parts, [&](const Answers& answers) {
    return resolve_targets(task.forms, answers, parts.head(), task.result.notes);
  });
}

}  // namespace

void predict(std::span<Task> tasks, const Parts& parts, Scorer& scorer) {
  const HeadContext context = parts.head();
  const HeadReading& head = find_reading(context.model.head);
  for (Task& task : tasks) {
    if (!head.tokens) continue;
    task.sequence.reads = head.tokens(task.result, terms_of(task.forms), context);
    if (!task.is_contrast) share_reads(task);
    for (Task& part : task.parts) {
      if (task.is_contrast) part.sequence.reads = head.tokens(part.result, part.forms, context);
    }
  }
  find_other_vectors(tasks, scorer);
  std::vector<Task> running = unpack(tasks);
  Sweep sweep = sweep_texts(running);
  sweep.take = [&](std::int64_t item, const Outcome& outcome) {
    running[static_cast<std::size_t>(item)].logits.assign(outcome.logits.begin(),
                                                          outcome.logits.end());
  };
  scorer.run(sweep);
  repack(std::move(running), tasks);
  for (Task& task : tasks) {
    task.is_contrast ? merge_contrast_logits(task) : merge_window_logits(task, context.model);
    task.result.prediction = with_answers(
        task, parts, [&](const Answers& answers) { return head.predict(answers, context); });
  }
}

void set_targets(Task& task, const Parts& parts) {
  const HeadContext context = parts.head();
  resolve(task, parts);
  if (task.is_contrast) {
    for (Task& part : task.parts) resolve(part, parts);
    task.targets.front().versus = task.parts.back().targets.front().name;
  } else {
    share_window_targets(task, context.model);
  }
  narrow(task, context.model);
  for (Task& part : task.parts) narrow(part, context.model);
  for (std::size_t k = 0; k < task.targets.size(); ++k) {
    const Target& target = task.targets[k];
    Attribution attribution;
    attribution.target = target.name;
    attribution.index = target.index;
    attribution.position = target.position;
    attribution.versus = target.versus;
    attribution.value = task.value(task.logits, k);
    if (target.readout.function && task.result.score != "logit") {
      task.note("target \"" + target.name +
                "\" is a function of logits, to which score does not apply");
    }
    task.result.attributions.push_back(std::move(attribution));
  }
  share_attributions(task);
}

}  // namespace ascribo
