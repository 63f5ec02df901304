// SPDX-License-Identifier: MIT
// Texts that are explained in parts: what runs in their place, and how the results come together.
#pragma once

#include <span>
#include <vector>

#include "ascribo/explain/task.h"

namespace ascribo {

// A part is a task of its own. Its attributions are shares of the whole's (PartTarget::share), and
// since all of the evidence adds up alike, so do value, baseline value, delta and scores. A unit
// that no part of a target holds is not seen by it.

/// The tasks that run: the parts of those that have some in place of these. They are moved out of
/// the tasks and, by repack(), back again.
std::vector<Task> unpack(std::span<Task> tasks);
void repack(std::vector<Task> running, std::span<Task> tasks);

/// Begins the parts' attributions, once the whole and its parts have their targets.
void share_attributions(Task& whole);

/// Puts the parts' results together; a task without parts is left as it is. The parts stay, for
/// what is asked about the text afterwards. Errors: kUnsupported for scores without signs where two
/// continuations are compared.
void stitch(Task& whole);

}  // namespace ascribo
