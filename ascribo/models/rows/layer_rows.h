// SPDX-License-Identifier: MIT
// The rows of several layers, for heads that read more than the last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "ascribo/models/heads.h"

namespace ascribo {

/// Layers counted from 0, where -1 is the last of `states`; a list of just the last is empty.
/// Errors: kBadCheckpoint for layers that are not there.
std::vector<std::int64_t> layers_from_zero(const std::vector<std::int64_t>& layers,
                                           std::int64_t states);

/// Collects while the layers run, then averages or puts side by side.
class LayerRows {
 public:
  /// Errors: kUnsupported when the head reads a layer before `first`, where the run begins.
  LayerRows(const Head& head, const HeadRows& read, std::size_t first);

  /// Takes all rows of a layer, if the head reads that layer.
  void put(std::size_t layer, const Variable& all_rows);
  /// What the head gets; `last` are its rows of the last layer.
  Variable combined(std::size_t layer, const Variable& last) const;

 private:
  const Head& head_;
  const HeadRows& read_;
  std::map<std::int64_t, Variable> found_;
};

}  // namespace ascribo
