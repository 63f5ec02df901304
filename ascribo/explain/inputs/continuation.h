// SPDX-License-Identifier: MIT
// A text and what a causal language model wrote after it, as one sequence.
#pragma once

#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/subject.h"

namespace ascribo {

/// Whether the input has a continuation.
bool is_continued(const Input& input);

/// Puts the input's continuation behind `encoding`, which is that of its text or ids, as side 2,
/// and into `output`. Token boundaries stay as they are: text is tokenized once, in one piece with
/// what it continues, and ids are used as given. Errors: kUnsupported for a model that writes
/// nothing; kInvalidArgument for a continuation that is empty, given twice, or given as text after
/// ids, and one that begins inside a token.
void append_continuation(const Input& input, const Parts& parts, Encoding& encoding,
                         OutputSummary& output);

}  // namespace ascribo
