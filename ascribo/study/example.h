// SPDX-License-Identifier: MIT
// A row to learn from: what the model is given, and what it should answer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ascribo/models/batch.h"

namespace ascribo {

/// What is learned.
enum class Objective {
  kLabel,      ///< one label of a text
  kLabels,     ///< any number of labels of a text
  kNumber,     ///< a number for a text
  kNextToken,  ///< each token from those before it
};

struct Example {
  Sequence sequence = {};
  /// The right answers: of kLabel one label, of kNextToken one token for each of sequence.reads.
  std::vector<std::int64_t> labels = {};
  /// Of kLabels 0 or 1 for each label, of kNumber the number.
  std::vector<float> values = {};
};

}  // namespace ascribo
