// SPDX-License-Identifier: MIT
// Random draws of a text: what they are for, and what they are keyed by.
#pragma once

#include <cstdint>

#include "ascribo/base/rng.h"
#include "ascribo/explain/task.h"

namespace ascribo {

/// What is drawn, so that different things never share their numbers.
enum class Draw : std::uint64_t {
  kBaseline = 1,  ///< numbered by baseline and position
  kNoise = 2,     ///< by sample and position, a number for each dimension
  kPath = 3,      ///< by sample: a baseline, then a place on the path
  kMask = 4,      ///< by row of a design: what is hidden
  kOrder = 5,     ///< by order of the units
  kToken = 6,     ///< by number of the token that is written
};

/// A number made of token ids and types (FNV-1a over their eight bytes each): the same text has the
/// same draws wherever it stands in a stream, and different texts have different ones.
std::uint64_t draw_key(const Sequence& sequence);

/// The stream of one draw for the task's text and the request's seed.
Rng draw(const Task& task, Draw what, std::uint64_t number, std::uint64_t position = 0);

}  // namespace ascribo
