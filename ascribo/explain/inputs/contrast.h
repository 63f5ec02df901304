// SPDX-License-Identifier: MIT
// Two continuations of one text: why this was written and not that.
#pragma once

#include "ascribo/explain/inputs/prepare.h"

namespace ascribo {

// F = log p(this | text) - log p(that | text), or another score in place of log p: a difference of
// two sequences' scores, each the sum over its tokens. What is linear in the score is then the
// difference of two explanations, and only the text's units stand in both: continuations stay as
// they are.

/// Makes the two parts of a task whose forms compare it with a continuation (TargetForm::Kind::
/// kContinuation); others are left as they are. Errors: kInvalidArgument where there is nothing to
/// compare with it, or where another target than the whole output is asked for; those of prepare().
void split_contrast(Task& task, const Input& input, const Parts& parts, const Settings& settings);

/// The whole's logits are those of what was written.
void merge_contrast_logits(Task& whole);

}  // namespace ascribo
