// SPDX-License-Identifier: MIT
// What an explanation takes, told before it is made: runs of the model, memory, time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ascribo/explain/explanation.h"

namespace ascribo {

/// What one method takes for one text, or for all texts together. Of several methods, the first
/// has the forward that every text needs to be predicted, and masks that an earlier one has seen
/// cost nothing.
struct MethodPlan {
  std::string method;
  std::int64_t forwards = 0;   ///< runs of one sequence
  std::int64_t backwards = 0;  ///< the same, one for each target
  /// The number follows what the model answers (tolerance, error) and may turn out smaller.
  bool at_most = false;
  Cost cost;  ///< tokens exactly as the explanation's; seconds are an estimate
};

struct TextPlan {
  InputSummary input;
  std::int64_t tokens = 0, units = 0, targets = 0;
  std::vector<MethodPlan> methods;  ///< in the request's order
};

/// Bytes. Estimates but for the first: measured on a few runs of the longest of the first texts.
struct MemoryPlan {
  std::int64_t weights = 0;  ///< of the checkpoint, mapped: the system may take them back
  std::int64_t packed = 0;   ///< weights as products want them, also backward if that is needed
  std::int64_t batches = 0;  ///< what runs at once, by batch_tokens
};

struct Plan {
  std::vector<TextPlan> texts;
  std::vector<MethodPlan> total;
  MemoryPlan memory;
};

}  // namespace ascribo
