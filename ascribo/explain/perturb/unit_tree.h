// SPDX-License-Identifier: MIT
// Units in clauses, clauses in sentences: who is hidden together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ascribo/explain/task.h"

namespace ascribo {

/// A leaf has one unit and no children; any other node has at least two children, and all units of
/// these, ascending.
struct UnitTree {
  std::vector<std::size_t> units;
  std::vector<UnitTree> children;
};

/// The tree over a text's units: its sides, their sentences, clauses, words, as far as these hold
/// several units. A node with more than `max_children` children has them in groups of neighbours,
/// as equal as can be. Special tokens stand by themselves at the top.
UnitTree unit_tree(const Task& task, std::size_t max_children);

}  // namespace ascribo
