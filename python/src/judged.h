// SPDX-License-Identifier: MIT
// What came of judging explanations.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ascribo/ascribo.h"

namespace ascribo::python {

/// Texts that could not be used: their numbers and why.
using Skipped = std::vector<std::pair<std::int64_t, std::string>>;

/// A comparison and what it was made of.
struct Judged {
  Comparison comparison;
  std::vector<Evaluation> evaluations = {};
  Skipped skipped = {};
};

}  // namespace ascribo::python
