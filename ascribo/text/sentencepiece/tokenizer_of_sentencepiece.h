// SPDX-License-Identifier: MIT
// The tokenizer.json that a sentencepiece model stands for in each family of checkpoints.
#pragma once

#include <string>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/text/added_tokens.h"
#include "ascribo/text/sentencepiece/sentencepiece_family.h"
#include "ascribo/text/sentencepiece/sentencepiece_model.h"

namespace ascribo {

/// Makes the family's pipeline around the pieces. Errors: kBadFile, naming `where`, when a token of
/// the template is missing.
Json tokenizer_of_sentencepiece(const SentencepieceModel& model,
                                const SentencepieceOptions& options, const std::string& where);

/// The control symbols of a model, and those its trainer set apart.
std::vector<AddedToken> added_by_sentencepiece(const SentencepieceModel& model,
                                               const SentencepieceOptions& options);

}  // namespace ascribo
