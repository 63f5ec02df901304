// SPDX-License-Identifier: MIT
// What causal models share: the heads that are published for them.
#pragma once

#include <vector>

#include "ascribo/models/heads.h"

namespace ascribo {

/// Where causal families differ.
struct CausalHeads {
  bool tied = true;  ///< output matrix and word table, where the config does not say
  std::string out = "lm_head";
  std::string token_classifier = "classifier";
  std::string dense = {};  ///< before every head, without bias or activation (OPT)
};

/// A language model; a classifier that reads the last token; token and span classifiers.
std::vector<HeadLayout> causal_heads(const CausalHeads& names);

/// Throws kUnsupported for what would load but compute something else.
void refuse_other_decoders(const Json& config);

}  // namespace ascribo
