// SPDX-License-Identifier: MIT
// Cuts a text into its units and what stands between them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ascribo/explain/explanation.h"

namespace ascribo {

/// A stretch of one side of the input. The texts of all segments that are not `inserted`, put
/// together, are the side's text, byte by byte.
struct Segment {
  std::string text;
  std::optional<std::size_t> unit;  ///< index in Explanation::units; empty between units
  bool inserted = false;            ///< a unit without text of its own, such as [CLS]
};

/// In reading order. Units that overlap an earlier one keep only the part after it.
std::vector<Segment> segments(const Explanation& explanation, Side side);

}  // namespace ascribo
