// SPDX-License-Identifier: MIT
// Writes on after prompts, several at once.
#pragma once

#include "ascribo/explain/generate/decoding.h"
#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/subject.h"

namespace ascribo {

/// See Subject::generate.
void generate_stream(const Parts& parts, const Subject::Prompts& prompts, const Decoding& decoding);

}  // namespace ascribo
