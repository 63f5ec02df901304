// SPDX-License-Identifier: MIT
// Long texts under heads that answer token by token: which window answers for a token.
#pragma once

#include <cstdint>

#include "ascribo/explain/task.h"
#include "ascribo/models/model.h"

namespace ascribo {

// A token stands in several windows, and each has an answer for it. The one that counts is that of
// the window that shows most around it, on the side where it shows less (as the published
// evaluation of SQuAD has it); of equals, the first. What is asked about several tokens is answered
// by the window that shows most around all of them. A target's scores are those of its window, and
// units outside of it are not seen.

/// Has every window answer for those of the whole's tokens that are asked about, and drops windows
/// that hold none of them.
void share_reads(Task& whole);

/// The whole's logits, those of each token from its window.
void gather_logits(Task& whole, const ModelInfo& model);

/// Gives every target to its window, and drops windows that have none. Errors: kInvalidArgument for
/// a target whose tokens no window holds together.
void share_token_targets(Task& whole, const ModelInfo& model);

}  // namespace ascribo
