// SPDX-License-Identifier: MIT
// How far answers are from the right one of a few.
#pragma once

#include <cstdint>
#include <vector>

#include "ascribo/graph/variable.h"

namespace ascribo::ops {

/// Elements of a tensor that compete with each other: all tokens to be where an answer starts, two
/// words to stand in one place.
struct Choice {
  std::vector<std::int64_t> elements = {};  ///< of the tensor, each once
  std::size_t right = 0;                    ///< by its place among them
};

/// -log softmax(elements)[right] of each choice: logits of any shape -> `[choices]`.
Variable cross_entropy_among(const Variable& logits, const std::vector<Choice>& choices);

}  // namespace ascribo::ops
