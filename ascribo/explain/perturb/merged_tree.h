// SPDX-License-Identifier: MIT
// The tree of shap's text masker: neighbouring tokens merged two by two.
#pragma once

#include "ascribo/explain/perturb/unit_tree.h"

namespace ascribo {

/// The tree that shap 0.51 (maskers/_text.py, partition_tree) builds over a text's tokens by scores
/// made by hand: parts of words first, then apostrophes, across commas and ends of sentences last.
/// Special tokens take part in merging, and are then left out, since they are never hidden. Errors:
/// kUnsupported for a pair, and units that are not one token each.
UnitTree merged_tree(const Task& task);

}  // namespace ascribo
