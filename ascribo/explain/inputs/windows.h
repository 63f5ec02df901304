// SPDX-License-Identifier: MIT
// Long texts: explained window by window.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/explain/settings.h"
#include "ascribo/explain/task.h"
#include "ascribo/models/model.h"
#include "ascribo/text/encoding.h"

namespace ascribo {

// The score of a long text is the mean of the scores that the model gives its windows. What a unit
// gets is then what it gets in each window that holds it, added up and divided by the number of
// windows; baseline value and delta are means likewise, so that sums hold as they do for short
// texts. Windows slide over the longer side; template tokens and the other side stand in each.
// Heads that answer token by token have one window for each target: inputs/window_answers.h.

/// The tokens of one window, as indices into the whole.
using Window = std::vector<std::size_t>;

/// None where the settings ask for no windows or the text fits into one. The last window ends where
/// the text ends. Errors: kInvalidArgument for a window that is longer than the model's positions
/// or has no room, and a stride that leaves gaps; kUnsupported for what a causal model writes and
/// for models without head.
std::vector<Window> find_windows(const Encoding& encoding, const Settings& settings,
                                 const ModelInfo& model);

/// Makes the parts of a task, each with its own tokens and what it holds of each unit.
void cut_windows(Task& whole, const std::vector<Window>& windows, const ModelInfo& model);

// For tasks with windows; others are left as they are.

/// The whole's logits from those of its windows.
void merge_window_logits(Task& whole, const ModelInfo& model);
/// Gives every window its targets. Errors: those of share_token_targets().
void share_window_targets(Task& whole, const ModelInfo& model);

}  // namespace ascribo
