// SPDX-License-Identifier: MIT
// Flags that say how a model writes, for `ascribo generate` and for explaining what it writes.
#pragma once

#include "ascribo/ascribo.h"
#include "flags.h"

namespace ascribo::cli {

/// Those that `ascribo explain` has besides the ones it shares with its own options: seed,
/// batch_tokens.
FlagGroup writing_flags(bool with_shared);

/// --chat and --system.
FlagGroup chat_flags();

/// What the flags ask for.
GenerationRequest generation_request(const Arguments& arguments);

/// The input as the chat template lays it out, if --chat is given. Errors: kInvalidArgument for
/// --system without it and for token ids; those of Subject::chat.
Input laid_out(Input input, const Subject& subject, const Arguments& arguments);

}  // namespace ascribo::cli
