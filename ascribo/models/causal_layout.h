// SPDX-License-Identifier: MIT
// What causal models share: the heads that are published for them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ascribo/models/heads.h"
#include "ascribo/models/relative_positions.h"

namespace ascribo {

/// Where causal families differ.
struct CausalHeads {
  bool tied = true;  ///< output matrix and word table, where the config does not say
  std::string out = "lm_head";
  std::string token_classifier = "classifier";
  std::string dense = {};  ///< before every head, and in place of none, without bias (OPT)
};

/// A base model; a language model; a classifier that reads the last token; token and span
/// classifiers.
std::vector<HeadLayout> causal_heads(const CausalHeads& names);

/// Rotary positions as a config states them, old style or new.
struct RotarySizes {
  std::int64_t width = 0;  ///< columns of a head
  double share = 1;        ///< of them that are turned, where the config does not say
  double theta = 10000;    ///< likewise
};
/// Errors: those of read_rotary_scaling; kBadCheckpoint for a share that leaves no pair of columns.
std::shared_ptr<const RotaryAngles> read_rotary(const Json& config, const RotarySizes& sizes,
                                                Dtype compute);

/// Throws kUnsupported for what would load but compute something else.
void refuse_other_decoders(const Json& config);

}  // namespace ascribo
