// SPDX-License-Identifier: MIT
// Two sentences that differ in one place, as a question to a language model: why the one and not
// the other. (BLiMP: Warstadt et al. 2020.)
#pragma once

#include <string>

#include "ascribo/explain/subject.h"

namespace ascribo {

/// What differs, in whole words, is what the model is asked about, the word of `good` versus that
/// of `bad`: a masked language model at a mask in its place; a causal one after what stands before
/// it, as one token against another where both words are single tokens, else as continuations.
/// Errors: kBadText for sentences that are the same, where one has words and the other none in
/// their place, and for a causal model where the first words differ; kUnsupported for another head.
Input minimal_pair(const Subject& subject, const std::string& good, const std::string& bad);

}  // namespace ascribo
