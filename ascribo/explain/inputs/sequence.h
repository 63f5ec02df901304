// SPDX-License-Identifier: MIT
// From a tokenized text to what the model is given.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ascribo/models/batch.h"
#include "ascribo/models/model.h"
#include "ascribo/text/encoding.h"

namespace ascribo {

/// Positions as the model numbers them: from 0, or (ModelInfo::padding_position) from the one after
/// the padding token's, passing over padding.
std::vector<std::int64_t> number_positions(const std::vector<std::int64_t>& ids,
                                           const ModelInfo& model);

/// Type ids are 0 where the model has no token types, or only one.
Sequence to_sequence(const Encoding& encoding, const ModelInfo& model);

/// Cuts tokens off the end of the longer side, one by one, until at most `tokens` are left; the
/// template's own tokens stay. Returns what was cut, for the notes; empty when nothing was.
/// Errors: kTooLong when the template alone is longer.
std::string truncate(Encoding& encoding, std::int64_t tokens);

/// Throws kTooLong naming --truncate when the model has fewer positions.
void check_length(std::int64_t tokens, const ModelInfo& model);

}  // namespace ascribo
