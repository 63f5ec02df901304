// SPDX-License-Identifier: MIT
// Prepares both continuations.
#include "ascribo/explain/inputs/contrast.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/explain/inputs/continuation.h"

namespace ascribo {
namespace {

using Kind = TargetForm::Kind;

void check(const Input& input, const TargetForms& forms) {
  const std::string given = '"' + forms.versus->text + "\" is a continuation of several tokens";
  if (!is_continued(input)) {
    fail(Code::kInvalidArgument, "versus", given, "expected one token to compare one token with",
         "give what was written with --continue, to compare the two");
  }
  for (const TargetForm& form : forms.targets) {
    const bool whole =
        form.kind == Kind::kPredicted || form.kind == Kind::kAll || form.kind == Kind::kWhole;
    if (whole && !form.function) continue;
    fail(Code::kInvalidArgument, "versus", given, "expected one token to compare one token with",
         "leave --target out to compare the whole continuations");
  }
}

/// A part whose tokens before the output stand at the same places in the whole.
void place(Task& part, std::size_t tokens, double share) {
  part.forms = {.targets = {{.kind = Kind::kWhole}}, .versus = {}};
  part.part_tokens.resize(tokens);
  std::iota(part.part_tokens.begin(), part.part_tokens.end(), std::size_t{0});
  part.part_units.resize(part.result.units.size());
  std::iota(part.part_units.begin(), part.part_units.end(), std::size_t{0});
  part.part_targets = {{0, share}};
}

}  // namespace

void split_contrast(Task& task, const Input& input, const Parts& parts, const Settings& settings) {
  if (!task.forms.versus || task.forms.versus->kind != Kind::kContinuation) return;
  check(input, task.forms);
  const std::string versus = task.forms.versus->text;
  Settings held = settings;
  held.versus.reset();
  held.attribute = Attribute::kPrompt;
  Input other = input;
  other.continuation = versus;
  other.continuation_ids.clear();
  Task whole = prepare(input, parts, held);
  Task that = prepare(other, parts, held);
  Task written = whole;
  const auto text = static_cast<std::size_t>(
      std::count_if(whole.result.tokens.begin(), whole.result.tokens.end(),
                    [](const TokenInfo& token) { return token.side != Side::kOutput; }));
  place(written, whole.result.tokens.size(), 1);
  place(that, text, -1);
  whole.forms = written.forms;
  whole.parts = {std::move(written), std::move(that)};
  whole.is_contrast = true;
  whole.note("the whole continuation is compared with \"" + versus +
             "\": scores of the text's units for the one less those for the other");
  task = std::move(whole);
}

void merge_contrast_logits(Task& whole) { whole.logits = whole.parts.front().logits; }

}  // namespace ascribo
